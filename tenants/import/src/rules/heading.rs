//! Columns get their meaning by their headings, and tables by theirs: students, guardians, staff.

use kd_kernel::names::folded;
use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

use super::Table;

/// Whom a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename = "ImportSubject", rename_all = "snake_case")]
pub enum Subject {
    /// Students.
    Students,
    /// Guardians.
    Guardians,
    /// Staff.
    Staff,
}

impl Subject {
    /// In the order of the template.
    pub const ALL: [Self; 3] = [Self::Students, Self::Guardians, Self::Staff];

    /// The names of its sheet, in Kazakh, in Russian, in English.
    #[must_use]
    pub fn names(self) -> [&'static str; 3] {
        match self {
            Self::Students => ["Оқушылар", "Ученики", "Students"],
            Self::Guardians => ["Заңды өкілдер", "Законные представители", "Guardians"],
            Self::Staff => ["Қызметкерлер", "Сотрудники", "Staff"],
        }
    }

    /// Its columns, in the order of the template.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        use Field::{
            Address, BirthDate, Class, Email, EnrolledOn, GivenName, Iin, Language, Number, OrderNo, Patronymic, Phone,
            Position, Sex, Student, StudentClass, Subjects, Surname,
        };
        match self {
            Self::Students => &[
                Number, Surname, GivenName, Patronymic, BirthDate, Sex, Iin, Class, Language, EnrolledOn, OrderNo,
                Phone, Email,
            ],
            Self::Guardians => {
                &[Student, StudentClass, Field::Relation, Surname, GivenName, Patronymic, Sex, Iin, Phone, Email]
            }
            Self::Staff => {
                &[Surname, GivenName, Patronymic, BirthDate, Sex, Iin, Position, Subjects, Address, Phone, Email]
            }
        }
    }

    /// Whether a column of a table about them may say this.
    #[must_use]
    pub fn takes(self, field: Field) -> bool {
        field == Field::FullName || self.fields().contains(&field)
    }

    /// What a table about them cannot do without.
    fn needs(self) -> &'static [Field] {
        match self {
            Self::Students => &[Field::Class],
            Self::Guardians => &[Field::Student],
            Self::Staff => &[Field::Position],
        }
    }
}

/// What a column says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename = "ImportField", rename_all = "snake_case")]
pub enum Field {
    /// The student's number in the file; guardians refer to it.
    Number,
    /// Surname.
    Surname,
    /// Given name.
    GivenName,
    /// Patronymic.
    Patronymic,
    /// Surname, given name and patronymic in one cell.
    FullName,
    /// Birth date.
    BirthDate,
    /// Sex.
    Sex,
    /// ИИН, where the school keeps it.
    Iin,
    /// The student's class.
    Class,
    /// The language of instruction: the class's, which the cell is compared with.
    Language,
    /// The first day in the class.
    EnrolledOn,
    /// The number of the order of enrolment.
    OrderNo,
    /// Phone.
    Phone,
    /// E-mail.
    Email,
    /// A guardian's student: the number in the file, or the full name.
    Student,
    /// The class of a guardian's student.
    StudentClass,
    /// What a guardian is to the student.
    Relation,
    /// Position.
    Position,
    /// The subjects that a member of staff teaches.
    Subjects,
    /// Actual address.
    Address,
}

impl Field {
    const ALL: [Self; 20] = [
        Self::Number,
        Self::Surname,
        Self::GivenName,
        Self::Patronymic,
        Self::FullName,
        Self::BirthDate,
        Self::Sex,
        Self::Iin,
        Self::Class,
        Self::Language,
        Self::EnrolledOn,
        Self::OrderNo,
        Self::Phone,
        Self::Email,
        Self::Student,
        Self::StudentClass,
        Self::Relation,
        Self::Position,
        Self::Subjects,
        Self::Address,
    ];

    /// The field of a name on the wire; `class_id` is what people's own forms call the class.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = if name == "class_id" { "class" } else { name };
        serde_json::from_value(name.into()).ok()
    }

    /// The headings by which it is known: first those of the templates in Kazakh and in Russian.
    #[must_use]
    pub fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Number => &["Нөмірі", "Номер", "№", "№ п/п", "Р/с", "Number", "No"],
            Self::Surname => &["Тегі", "Фамилия", "Surname", "Last name"],
            Self::GivenName => &["Аты", "Имя", "Given name", "First name", "Name"],
            Self::Patronymic => &["Әкесінің аты", "Отчество", "Patronymic", "Middle name"],
            Self::FullName => &["Аты-жөні", "ФИО", "Ф.И.О.", "ТАӘ", "Толық аты-жөні", "Full name"],
            Self::BirthDate => &["Туған күні", "Дата рождения", "Birth date", "Date of birth"],
            Self::Sex => &["Жынысы", "Пол", "Sex", "Gender"],
            Self::Iin => &["ЖСН", "ИИН", "Жеке сәйкестендіру нөмірі", "Индивидуальный идентификационный номер", "IIN"],
            Self::Class => &["Сыныбы", "Класс", "Сынып", "Class"],
            Self::Language => {
                &["Оқыту тілі", "Язык обучения", "Оқу тілі", "Тілі", "Язык", "Language of instruction", "Language"]
            }
            Self::EnrolledOn => &["Қабылданған күні", "Дата зачисления", "Enrolled on", "Enrolment date"],
            Self::OrderNo => &["Бұйрық нөмірі", "Номер приказа", "Бұйрық №", "№ приказа", "Приказ", "Order no"],
            Self::Phone => &["Телефоны", "Телефон", "Номер телефона", "Телефон нөмірі", "Phone"],
            Self::Email => &["Электрондық поштасы", "Электронная почта", "Эл. почта", "E-mail", "Email"],
            Self::Student => &["Оқушының нөмірі", "Номер ученика", "Оқушы", "Ученик", "Student"],
            Self::StudentClass => &["Оқушының сыныбы", "Класс ученика", "Student class"],
            Self::Relation => &["Оқушыға кім болады", "Кем приходится", "Туыстығы", "Степень родства", "Relation"],
            Self::Position => &["Лауазымы", "Должность", "Position"],
            Self::Subjects => &["Беретін пәндері", "Преподаваемые предметы", "Пәндері", "Предметы", "Subjects"],
            Self::Address => &["Мекенжайы", "Адрес", "Нақты мекенжайы", "Фактический адрес", "Address"],
        }
    }
}

/// A column and what it says, if its heading told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading as it stands.
    pub heading: String,
    /// What it says; nothing for a heading that is not known or that was there before.
    pub field: Option<Field>,
}

/// A table's headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Whom the table is about, if its sheet's name or its columns tell.
    pub subject: Option<Subject>,
    /// Its columns from the first on.
    pub columns: Vec<Column>,
}

/// Reads a table's first row.
#[must_use]
pub fn columns(table: &Table) -> Heading {
    let mut columns: Vec<Column> = Vec::new();
    for heading in table.rows.first().into_iter().flat_map(|row| &row.cells) {
        let field = known(heading).filter(|field| columns.iter().all(|c| c.field != Some(*field)));
        columns.push(Column { heading: heading.clone(), field });
    }
    let named = |subject: &Subject| subject.names().iter().any(|name| key(name) == key(&table.name));
    let has = |field: &Field| columns.iter().any(|c| c.field == Some(*field));
    let told = |subject: &Subject| subject.needs().iter().all(has);
    let subject = Subject::ALL.into_iter().find(named).or_else(|| Subject::ALL.into_iter().find(told));
    Heading { subject, columns }
}

fn known(heading: &str) -> Option<Field> {
    let heading = key(heading);
    Field::ALL.into_iter().find(|field| field.headings().iter().any(|known| key(known) == heading))
}

/// A heading as it is compared: folded, without marks such as the star of what must be filled in.
fn key(text: &str) -> String {
    folded(text).chars().filter(|c| c.is_alphanumeric() || *c == '№').collect()
}
