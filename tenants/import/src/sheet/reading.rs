//! What a line says: its cells by their columns, its class, and for guardians the student whom it names.

use std::collections::HashMap;

use kd_kernel::names::folded;
use kd_kernel::{ClassId, SubjectId};
use kd_people::intake::{Child, Kind, Relation, Remark, Said, Sex};

use super::{Line, School};
use crate::rules::{self, Field, Subject};
use crate::wire::ImportTable;

/// Knows the whole file: guardians name students of other lines.
pub struct Reader<'a> {
    school: &'a School,
    tables: &'a [ImportTable],
    lines: &'a [Line],
    /// The lines of students by their number in the file.
    by_number: HashMap<String, Vec<usize>>,
    /// The lines of students by surname and given name, folded.
    by_name: HashMap<String, Vec<usize>>,
}

/// What one line says.
pub struct Spoken {
    pub said: Said,
    /// The subjects that a member of staff teaches, and how they are written.
    pub teaches: Vec<(SubjectId, String)>,
    /// What somebody should look at.
    pub notes: Vec<Remark>,
}

/// What one line says, or why it cannot be read; nothing for a line that is left out.
pub type Read = Option<Result<Spoken, Vec<Remark>>>;

impl<'a> Reader<'a> {
    pub fn new(school: &'a School, tables: &'a [ImportTable], lines: &'a [Line]) -> Self {
        let mut reader = Self { school, tables, lines, by_number: HashMap::new(), by_name: HashMap::new() };
        for (place, line) in lines.iter().enumerate() {
            let Some(table) = tables.get(line.sheet).filter(|t| t.subject == Some(Subject::Students)) else { continue };
            let row = Row { table, line };
            if let Some(number) = row.cell(Field::Number) {
                reader.by_number.entry(number.to_lowercase()).or_default().push(place);
            }
            let [surname, given_name, _] = row.name();
            reader.by_name.entry(name_key(&surname, &given_name)).or_default().push(place);
        }
        reader
    }

    /// What the line at a place says.
    pub fn said(&self, place: usize) -> Read {
        let line = self.lines.get(place).filter(|line| !line.skipped)?;
        let table = self.tables.get(line.sheet)?;
        let kind = kind(table.subject?);
        let row = Row { table, line };
        let (mut faults, numbers) = (Vec::new(), &self.school.numbers);
        let [surname, given_name, patronymic] = row.name();
        let relation = (kind == Kind::Guardian).then(|| relation(&row, &mut faults)).flatten();
        let children = match kind {
            Kind::Guardian => self.student(&row, &mut faults).map(|child| (child, relation.unwrap_or(Relation::Other))),
            Kind::Student | Kind::Staff => None,
        };
        let said = Said {
            kind,
            surname,
            given_name: some(given_name),
            patronymic: some(patronymic),
            birth_date: read(&row, Field::BirthDate, "date-invalid", rules::date, &mut faults),
            sex: sex(&row, relation, &mut faults),
            phone: row.text(Field::Phone),
            email: row.text(Field::Email),
            iin: row.cell(Field::Iin).filter(|_| numbers.kept()).map(|text| numbers.number(text)),
            address: row.text(Field::Address),
            position: row.text(Field::Position),
            class: self.class(&row, Field::Class, &mut faults),
            enrolled_on: read(&row, Field::EnrolledOn, "date-invalid", rules::date, &mut faults),
            order_no: row.text(Field::OrderNo),
            children: children.into_iter().collect(),
        };
        let teaches = self.teaches(&row, &mut faults);
        if kind == Kind::Student && row.cell(Field::Class).is_none() {
            faults.push(Remark::new("class", "required"));
        }
        let notes = self.language(&row, said.class).into_iter().collect();
        Some(if faults.is_empty() { Ok(Spoken { said, teaches, notes }) } else { Err(faults) })
    }

    /// The language of instruction is kept of a class alone; a student of another one may stand in the wrong class.
    fn language(&self, row: &Row<'_>, class: Option<ClassId>) -> Option<Remark> {
        let said = row.cell(Field::Language).map(rules::language)?;
        let taught = self.school.languages.get(&class?)?;
        (said != taught).then(|| Remark::new("language", "import-language-differs"))
    }

    fn teaches(&self, row: &Row<'_>, faults: &mut Vec<Remark>) -> Vec<(SubjectId, String)> {
        let names = row.cell(Field::Subjects).into_iter().flat_map(|text| text.split([',', ';', '\n']));
        let mut found: Vec<(SubjectId, String)> = Vec::new();
        for name in names.map(str::trim).filter(|name| !name.is_empty()) {
            match self.school.subjects.find(name) {
                Some(id) if found.iter().any(|(known, _)| *known == id) => {}
                Some(id) => found.push((id, name.to_owned())),
                None => faults.push(Remark::new("subjects", "import-subject-unknown")),
            }
        }
        found
    }

    fn class(&self, row: &Row<'_>, field: Field, faults: &mut Vec<Remark>) -> Option<ClassId> {
        read(row, field, "import-class-unknown", |text| self.class_called(text), faults)
    }

    fn class_called(&self, text: &str) -> Option<ClassId> {
        let (grade, letters) = rules::class_name(text)?;
        self.school.classes.get(&(grade, kd_classes::letter(&letters)?)).copied()
    }

    /// The student of a guardian's line: by the number in the file, or by name and class.
    fn student(&self, row: &Row<'_>, faults: &mut Vec<Remark>) -> Option<Child> {
        let Some(text) = row.cell(Field::Student) else {
            faults.push(Remark::new("student", "required"));
            return None;
        };
        let found = match self.by_number.get(&text.to_lowercase()) {
            Some(places) => Found::Rows(places.clone()),
            None => {
                let known = faults.len();
                let class = self.class(row, Field::StudentClass, faults);
                if faults.len() > known {
                    return None;
                }
                self.named(text, class)
            }
        };
        let child = match found {
            Found::Rows(places) => match places.as_slice() {
                [place] if self.lines.get(*place).is_some_and(|line| line.skipped) => Err("import-student-left-out"),
                [place] => Ok(Child::Row(*place)),
                _ => Err("import-student-several"),
            },
            Found::Known(child) => Ok(child),
            Found::Several => Err("import-student-several"),
            Found::Nobody => Err("import-student-unknown"),
        };
        child.map_err(|code| faults.push(Remark::new("student", code))).ok()
    }

    fn named(&self, text: &str, class: Option<ClassId>) -> Found {
        let mut words = text.split_whitespace();
        let key = name_key(words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let patronymic = folded(&words.collect::<Vec<_>>().join(" "));
        let mut places = self.by_name.get(&key).cloned().unwrap_or_default();
        // A namesake in another class or with another father is another child, also where there is only one in the file.
        places.retain(|place| self.class_of(*place).is_none_or(|own| class.is_none_or(|said| said == own)));
        places.retain(|place| {
            let own = self.patronymic_of(*place);
            own.is_empty() || patronymic.is_empty() || own == patronymic
        });
        if !places.is_empty() {
            return Found::Rows(places);
        }
        match self.school.book.students_called(text, class).as_slice() {
            [] => Found::Nobody,
            [one] => Found::Known(Child::Known(*one)),
            _ => Found::Several,
        }
    }

    fn patronymic_of(&self, place: usize) -> String {
        let row = self.lines.get(place).and_then(|line| Some(Row { table: self.tables.get(line.sheet)?, line }));
        let [_, _, patronymic] = row.map(|row| row.name()).unwrap_or_default();
        folded(&patronymic)
    }

    fn class_of(&self, place: usize) -> Option<ClassId> {
        let line = self.lines.get(place)?;
        let row = Row { table: self.tables.get(line.sheet)?, line };
        row.cell(Field::Class).and_then(|text| self.class_called(text))
    }
}

/// The student whom a line names.
enum Found {
    Rows(Vec<usize>),
    Known(Child),
    Several,
    Nobody,
}

/// A line with the meaning of its columns.
struct Row<'a> {
    table: &'a ImportTable,
    line: &'a Line,
}

impl Row<'_> {
    /// What the line says of a field; an empty cell says nothing.
    fn cell(&self, field: Field) -> Option<&str> {
        let at = self.table.column(field)?;
        self.line.cells.get(at).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    fn text(&self, field: Field) -> Option<String> {
        self.cell(field).map(str::to_owned)
    }

    /// Surname, given name, patronymic; of a full name the first word, the second, and what is left.
    fn name(&self) -> [String; 3] {
        let part = |field| self.text(field).unwrap_or_default();
        let parts = [part(Field::Surname), part(Field::GivenName), part(Field::Patronymic)];
        match self.cell(Field::FullName) {
            Some(whole) if parts.iter().all(String::is_empty) => {
                let mut words = whole.split_whitespace();
                let (surname, given_name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                [surname.to_owned(), given_name.to_owned(), words.collect::<Vec<_>>().join(" ")]
            }
            _ => parts,
        }
    }
}

fn kind(subject: Subject) -> Kind {
    match subject {
        Subject::Students => Kind::Student,
        Subject::Guardians => Kind::Guardian,
        Subject::Staff => Kind::Staff,
    }
}

fn name_key(surname: &str, given_name: &str) -> String {
    folded(&format!("{} {}", surname.trim(), given_name.trim()))
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A cell's value; a cell that cannot be read is a fault.
fn read<T>(
    row: &Row<'_>,
    field: Field,
    code: &str,
    value: impl Fn(&str) -> Option<T>,
    faults: &mut Vec<Remark>,
) -> Option<T> {
    let text = row.cell(field)?;
    let value = value(text);
    if value.is_none() {
        faults.push(Remark::new(name_of(field), code));
    }
    value
}

fn name_of(field: Field) -> &'static str {
    match field {
        Field::BirthDate => "birth_date",
        Field::Sex => "sex",
        Field::EnrolledOn => "enrolled_on",
        Field::Class => "class",
        Field::StudentClass => "student_class",
        _ => "relation",
    }
}

/// The sex that is written; of a mother and a father it follows.
fn sex(row: &Row<'_>, relation: Option<Relation>, faults: &mut Vec<Remark>) -> Option<Sex> {
    let written = read(row, Field::Sex, "import-sex-unknown", rules::sex, faults).map(|sex| match sex {
        "f" => Sex::F,
        _ => Sex::M,
    });
    written.or(match relation {
        Some(Relation::Mother) => Some(Sex::F),
        Some(Relation::Father) => Some(Sex::M),
        _ => None,
    })
}

fn relation(row: &Row<'_>, faults: &mut Vec<Remark>) -> Option<Relation> {
    if row.cell(Field::Relation).is_none() {
        faults.push(Remark::new("relation", "required"));
    }
    read(row, Field::Relation, "import-relation-unknown", rules::relation, faults).map(|name| match name {
        "mother" => Relation::Mother,
        "father" => Relation::Father,
        "guardian" => Relation::Guardian,
        _ => Relation::Other,
    })
}
