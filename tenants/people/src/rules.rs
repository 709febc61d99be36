//! What may be kept of a person and in which form, who holds which role, and when a right to give roles is
//! needed; who may be one person twice in `rules::alike`. Pure: no database, no clock.

pub mod alike;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kd_ctx::letters::written;
use kd_kernel::identifiers::check_number;
use kd_kernel::names::{folded, full_name};
use kd_kernel::problem::Faults;
use kd_kernel::{ClassId, ProfileId, Result, Role, Roles};
use kd_press::MOST_HEADING;
use unicode_normalization::UnicodeNormalization;

use crate::wire::{Child, Credential, Heading, Kind, PersonEdit, PersonNew, Relation, Sex, SheetLanguage};

/// The longest part of a name.
const NAME: usize = 100;
/// The longest full name: it must fit on a card.
const FULL_NAME: usize = 120;
/// The longest address and position.
const TEXT: usize = 300;
/// The longest number of an order.
pub const ORDER_NO: usize = 50;
/// The shortest and the longest statement on the ИИН.
const STATEMENT: (usize, usize) = (10, 500);
/// The most children of one guardian.
const CHILDREN: usize = 30;

/// What was typed, of a new person or in an edit.
#[derive(Debug, Clone)]
pub struct Typed {
    pub surname: String,
    pub given_name: Option<String>,
    pub patronymic: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub sex: Sex,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub iin: Option<String>,
    pub address: Option<String>,
    pub position: Option<String>,
    pub roles: Option<Vec<Role>>,
    pub class: Option<ClassId>,
    pub enrolled_on: Option<NaiveDate>,
    pub children: Option<Vec<Child>>,
}

impl From<PersonNew> for Typed {
    fn from(new: PersonNew) -> Self {
        Self {
            surname: new.surname,
            given_name: new.given_name,
            patronymic: new.patronymic,
            birth_date: new.birth_date,
            sex: new.sex,
            phone: new.phone,
            email: new.email,
            iin: new.iin,
            address: new.address,
            position: new.position,
            roles: new.roles,
            class: new.class_id,
            enrolled_on: new.enrolled_on,
            children: new.children,
        }
    }
}

impl From<PersonEdit> for Typed {
    fn from(edit: PersonEdit) -> Self {
        Self {
            surname: edit.surname,
            given_name: edit.given_name,
            patronymic: edit.patronymic,
            birth_date: edit.birth_date,
            sex: edit.sex,
            phone: edit.phone,
            email: edit.email,
            iin: edit.iin,
            address: edit.address,
            position: edit.position,
            roles: edit.roles,
            class: edit.class_id,
            enrolled_on: edit.enrolled_on,
            children: edit.children,
        }
    }
}

/// A person's data that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// Surname, 1 to 100 characters.
    pub surname: String,
    /// Given name, may be empty.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// The full name as search sees it.
    pub folded_name: String,
    /// From 1900 until today.
    pub birth_date: Option<NaiveDate>,
    /// f or m.
    pub sex: Sex,
    /// E.164.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// The ИИН, if something was said of it; empty to delete it.
    pub iin: Option<String>,
    /// Actual address; staff alone.
    pub address: Option<String>,
    /// Position; staff alone.
    pub position: Option<String>,
    /// The roles of staff, if something was said of them; without the role of a guardian.
    pub roles: Option<Roles>,
    /// The class of a student, if something was said of it.
    pub class: Option<ClassId>,
    /// The first day in the class.
    pub enrolled_on: Option<NaiveDate>,
    /// The children, if something was said of them.
    pub children: Option<BTreeMap<ProfileId, Relation>>,
}

impl Data {
    /// Parses what was typed of a person of this kind.
    ///
    /// # Errors
    /// 422 with the faults of all fields.
    pub fn parse(kind: Kind, typed: Typed, today: NaiveDate) -> Result<Self> {
        let mut faults = Faults::default();
        let surname = name(&mut faults, "surname", Some(&typed.surname)).unwrap_or_default();
        faults.require(!surname.is_empty(), "surname", "required");
        let given_name = name(&mut faults, "given_name", typed.given_name.as_deref()).unwrap_or_default();
        let patronymic = name(&mut faults, "patronymic", typed.patronymic.as_deref());
        let whole = full_name(&surname, &given_name, patronymic.as_deref());
        faults.require(whole.chars().count() <= FULL_NAME, "surname", "too-long");
        let oldest = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
        let born_well = typed.birth_date.is_none_or(|d| oldest <= d && d <= today);
        faults.require(born_well, "birth_date", "date-invalid");
        let entered_well = typed.enrolled_on.is_none_or(|d| oldest <= d && d <= today + chrono::Days::new(400));
        faults.require(entered_well, "enrolled_on", "date-invalid");
        let phone = phone_field(&mut faults, typed.phone.as_deref());
        let email = email_field(&mut faults, typed.email.as_deref());
        let iin = iin_field(&mut faults, typed.iin.as_deref());
        let address = faults.maybe("address", typed.address.as_deref(), TEXT);
        let position = faults.maybe("position", typed.position.as_deref(), TEXT);
        faults.require(kind == Kind::Staff || address.is_none(), "address", "not-for-kind");
        faults.require(kind == Kind::Staff || position.is_none(), "position", "not-for-kind");
        faults.require(kind == Kind::Student || typed.class.is_none(), "class_id", "not-for-kind");
        faults.require(kind == Kind::Student || typed.enrolled_on.is_none(), "enrolled_on", "not-for-kind");
        let roles = roles_field(&mut faults, kind, typed.roles);
        let children = children_field(&mut faults, kind, typed.children);
        faults.check()?;
        Ok(Self {
            folded_name: folded(&whole),
            surname,
            given_name,
            patronymic,
            birth_date: typed.birth_date,
            sex: typed.sex,
            phone,
            email,
            iin,
            address,
            position,
            roles,
            class: typed.class,
            enrolled_on: typed.enrolled_on,
            children,
        })
    }
}

/// A part of a name: letters, with spaces, hyphens, apostrophes and dots; spaces are made single, letters
/// composed (NFC).
fn name(faults: &mut Faults, field: &'static str, text: Option<&str>) -> Option<String> {
    let text: String = text?.nfc().collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    faults.require(text.chars().count() <= NAME, field, "too-long");
    let letters = text.chars().all(|c| c.is_alphabetic() || " -'’ʼ.".contains(c));
    let some = text.is_empty() || text.chars().any(char::is_alphabetic);
    faults.require(letters && some, field, "name-invalid");
    (!text.is_empty()).then_some(text)
}

fn phone_field(faults: &mut Faults, text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|t| !t.is_empty())?;
    let number = phone(text);
    faults.require(number.is_some(), "phone", "phone-invalid");
    number
}

fn email_field(faults: &mut Faults, text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|t| !t.is_empty())?;
    let address = kd_ctx::letters::check_address("email", text).ok();
    faults.require(address.is_some(), "email", "email-invalid");
    address
}

/// An ИИН without the spaces that people part its digits by.
fn iin_field(faults: &mut Faults, text: Option<&str>) -> Option<String> {
    let number: String = text?.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(fault) = check_number(&number).err().filter(|_| !number.is_empty()) {
        faults.require(false, "iin", fault.iin_code());
    }
    Some(number)
}

fn roles_field(faults: &mut Faults, kind: Kind, roles: Option<Vec<Role>>) -> Option<Roles> {
    let roles = roles?;
    if kind != Kind::Staff {
        faults.require(roles.iter().all(|r| *r == own_role(kind)), "roles", "not-for-kind");
        return None;
    }
    // The role of a guardian follows the children; it may come back as it went out.
    let held: Roles = roles.into_iter().filter(|r| *r != Role::Guardian).collect();
    faults.require(held.iter().next().is_some(), "roles", "required");
    faults.require(held.iter().all(|r| OF_STAFF.contains(&r)), "roles", "unknown");
    Some(held)
}

fn children_field(
    faults: &mut Faults,
    kind: Kind,
    children: Option<Vec<Child>>,
) -> Option<BTreeMap<ProfileId, Relation>> {
    let children: BTreeMap<_, _> = children?.into_iter().map(|c| (c.student_id, c.relation)).collect();
    faults.require(kind != Kind::Student || children.is_empty(), "children", "not-for-kind");
    faults.require(kind != Kind::Guardian || !children.is_empty(), "children", "required");
    faults.require(children.len() <= CHILDREN, "children", "too-long");
    Some(children)
}

/// The roles that staff may be given.
const OF_STAFF: [Role; 4] = [Role::Administrator, Role::Editor, Role::ClassTeacher, Role::Teacher];
/// The roles that only who may give roles gives and takes.
const GRANTED: [Role; 2] = [Role::Administrator, Role::Editor];

/// The role that comes with being of a kind; a member of staff teaches unless something else is said.
#[must_use]
pub fn own_role(kind: Kind) -> Role {
    match kind {
        Kind::Staff => Role::Teacher,
        Kind::Student => Role::Student,
        Kind::Guardian => Role::Guardian,
    }
}

/// The roles that a person shall hold: those said, or those held until now, or the kind's own; and that of
/// a guardian for who has children here.
#[must_use]
pub fn roles_after(kind: Kind, before: Option<Roles>, said: Option<Roles>, has_children: bool) -> Roles {
    let own = Roles::default().with(own_role(kind));
    let roles = if kind == Kind::Staff { said.or(before).unwrap_or(own) } else { own };
    let roles: Roles = roles.iter().filter(|r| *r != Role::Guardian || kind == Kind::Guardian).collect();
    if has_children { roles.with(Role::Guardian) } else { roles }
}

/// The roles that a member of staff shall hold, as they were said.
///
/// # Errors
/// 422 at `roles`.
pub fn staff_roles(kind: Kind, said: Vec<Role>) -> Result<Roles> {
    let mut faults = Faults::default();
    faults.require(kind == Kind::Staff, "roles", "not-for-kind");
    let roles = roles_field(&mut faults, Kind::Staff, Some(said));
    faults.check()?;
    Ok(roles.unwrap_or_default())
}

/// Whether going from these roles to those needs the right to give roles.
#[must_use]
pub fn needs_grant(before: Roles, after: Roles) -> bool {
    GRANTED.iter().any(|role| before.holds(*role) != after.holds(*role))
}

/// Whether the roles need a strong password or a second factor from the first entry on.
#[must_use]
pub fn strict(roles: Roles) -> bool {
    GRANTED.iter().any(|role| roles.holds(*role))
}

/// Whether the roles may be held by nobody without a second factor (decision 13).
#[must_use]
pub fn needs_second_factor(roles: Roles) -> bool {
    roles.holds(Role::Administrator)
}

/// Whether more is asked of an account by these roles than by those.
#[must_use]
pub fn rises(before: Roles, after: Roles) -> bool {
    strict(after) && !strict(before) || needs_second_factor(after) && !needs_second_factor(before)
}

/// A phone as E.164; a number without a country is one of Kazakhstan (IDN-7).
#[must_use]
pub fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    // Ten digits are a number within the country; the parser takes their first for the country's.
    let whole = if digits.len() == 10 && !text.contains('+') { format!("+7{digits}") } else { text.to_owned() };
    let number = phonenumber::parse(Some(phonenumber::country::Id::KZ), whole).ok()?;
    number.is_valid().then(|| number.format().mode(phonenumber::Mode::E164).to_string())
}

/// Whether an E.164 number is of Kazakhstan: +76 and +77.
#[must_use]
pub fn of_kazakhstan(number: &str) -> bool {
    number.starts_with("+76") || number.starts_with("+77")
}

/// The words of a search, each as a pattern that the folded name must match; at most eight count.
#[must_use]
pub fn patterns(text: &str) -> Vec<String> {
    let literal = |word: &str| -> String {
        word.chars().flat_map(|c| "%_\\".contains(c).then_some('\\').into_iter().chain([c])).collect()
    };
    folded(text).split_whitespace().take(8).map(|word| format!("%{}%", literal(word))).collect()
}

/// What a person is called on a card, in Kazakh and in Russian.
#[must_use]
pub fn card_words(kind: Kind, sex: Sex, roles: Roles) -> (&'static str, &'static str) {
    match (kind, sex) {
        (Kind::Student, Sex::F) => ("оқушы", "ученица"),
        (Kind::Student, Sex::M) => ("оқушы", "ученик"),
        (Kind::Guardian, _) => ("заңды өкіл", "законный представитель"),
        (Kind::Staff, _) if roles.holds(Role::Administrator) => ("әкімші", "администратор"),
        (Kind::Staff, _) if roles.holds(Role::ClassTeacher) => ("сынып жетекшісі", "классный руководитель"),
        (Kind::Staff, _) if roles.holds(Role::Teacher) => ("мұғалім", "учитель"),
        (Kind::Staff, _) => ("мектеп қызметкері", "сотрудник школы"),
    }
}

/// What is stated where a school begins to keep ИИН: a sentence, not a word.
///
/// # Errors
/// 422 at `statement`.
pub fn iin_statement(text: Option<&str>) -> Result<String> {
    let mut faults = Faults::default();
    let text = faults.maybe("statement", text, STATEMENT.1).unwrap_or_default();
    faults.require(text.chars().count() >= STATEMENT.0, "statement", "required");
    faults.check()?;
    Ok(text)
}

/// Checks what is said of a leaving: the first day without lies between 1900 and tomorrow, since the seat
/// ends at once. Answers the number of the order.
///
/// # Errors
/// 422 with the faults of all fields.
pub fn leaving(left_on: NaiveDate, order_no: Option<&str>, today: NaiveDate) -> Result<Option<String>> {
    let mut faults = Faults::default();
    let oldest = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
    faults.require(oldest <= left_on && left_on <= today + chrono::Days::new(1), "left_on", "date-invalid");
    let order_no = faults.maybe("order_no", order_no, ORDER_NO);
    faults.check()?;
    Ok(order_no)
}

/// Checks what is said of a return: not before the leaving, tomorrow at the latest; a class is of students.
///
/// # Errors
/// 422 with the faults of all fields.
pub fn returning(
    kind: Kind,
    (left_on, returned_on): (NaiveDate, NaiveDate),
    class: Option<ClassId>,
    today: NaiveDate,
) -> Result<()> {
    let mut faults = Faults::default();
    let well = left_on <= returned_on && returned_on <= today + chrono::Days::new(1);
    faults.require(well, "returned_on", "date-invalid");
    faults.require(kind == Kind::Student || class.is_none(), "class_id", "not-for-kind");
    faults.check()
}

/// Checks a move of a student between two classes: to another one, at most 400 days from now.
///
/// # Errors
/// 422 with the faults of all fields.
pub fn moving(kind: Kind, (from, to): (Option<ClassId>, ClassId), on: NaiveDate, today: NaiveDate) -> Result<()> {
    let mut faults = Faults::default();
    let oldest = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
    faults.require(kind == Kind::Student, "class_id", "not-for-kind");
    faults.require(from != Some(to), "class_id", "class-same");
    faults.require(oldest <= on && on <= today + chrono::Days::new(400), "enrolled_on", "date-invalid");
    faults.check()
}

/// Whether somebody who administers the school no longer would.
#[must_use]
pub fn gives_up_administration(before: Roles, after: Roles) -> bool {
    before.holds(Role::Administrator) && !after.holds(Role::Administrator)
}

/// Whether a credential passes for valid in the school's own rows.
pub fn is_held(credential: Credential) -> bool {
    use Credential::{HandedOver, Issued, Mailed, Printed};
    matches!(credential, Issued | Printed | Mailed | HandedOver)
}

/// What a letter with a credential tells.
pub struct LetterWords<'a> {
    pub name: &'a str,
    pub school_kk: &'a str,
    pub school_ru: &'a str,
    pub login: &'a str,
    pub password: &'a str,
    pub until: &'a str,
    pub link: &'a str,
}

/// Subject and body of a letter with a credential. The subject names nobody: it is written in clear.
///
/// # Errors
/// 500 where a text names a placeholder that is not filled.
pub fn letter_text(language: SheetLanguage, words: &LetterWords<'_>) -> Result<(String, String)> {
    let kk = (include_str!("../letters/credential.kk.txt"), words.school_kk);
    let ru = (include_str!("../letters/credential.ru.txt"), words.school_ru);
    let texts = match language {
        SheetLanguage::Kk => vec![kk],
        SheetLanguage::Ru => vec![ru],
        SheetLanguage::Both => vec![kk, ru],
    };
    let (mut subjects, mut bodies) = (Vec::new(), Vec::new());
    for (text, school) in texts {
        let values = [
            ("name", words.name),
            ("school", school),
            ("login", words.login),
            ("password", words.password),
            ("until", words.until),
            ("link", words.link),
        ];
        let (subject, body) = written(text, &values)?;
        subjects.push(subject);
        bodies.push(body);
    }
    Ok((subjects.join(" / "), bodies.join("\n—\n\n")))
}

/// Whole days between two moments; none where the second is not after the first.
pub fn days_between(from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
    u32::try_from((to - from).num_days()).unwrap_or(0)
}

/// The school's own words on cards: one line in each language, as far as there is one.
///
/// # Errors
/// 422 at `kk` and `ru` with `too-long`.
pub fn heading(kk: Option<&str>, ru: Option<&str>) -> Result<Heading> {
    let mut faults = Faults::default();
    let line = |text: Option<&str>| text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let (kk, ru) = (line(kk), line(ru));
    let kk = faults.maybe("kk", kk.as_deref(), MOST_HEADING);
    let ru = faults.maybe("ru", ru.as_deref(), MOST_HEADING);
    faults.check()?;
    Ok(Heading { kk, ru, version: 0 })
}

/// The words on cards, as the setting holds them.
pub fn heading_of(value: &serde_json::Value) -> Heading {
    let words = |language: &str| value.get(language).and_then(serde_json::Value::as_str).map(str::to_owned);
    Heading { kk: words("kk"), ru: words("ru"), version: 0 }
}

#[cfg(test)]
mod unit {
    use super::*;

    fn typed(surname: &str) -> Typed {
        Typed {
            surname: surname.to_owned(),
            given_name: Some("Айгүл".to_owned()),
            patronymic: None,
            birth_date: None,
            sex: Sex::F,
            phone: None,
            email: None,
            iin: None,
            address: None,
            position: None,
            roles: None,
            class: None,
            enrolled_on: None,
            children: None,
        }
    }

    fn today() -> NaiveDate {
        "2026-09-01".parse().unwrap()
    }

    fn codes(kind: Kind, typed: Typed) -> Vec<(String, &'static str)> {
        let problem = Data::parse(kind, typed, today()).unwrap_err();
        problem.fields().iter().map(|f| (f.field.to_string(), f.code)).collect()
    }

    #[test]
    fn idn_7_phones_are_kept_as_e164() {
        for text in ["8 (701) 123-45-67", "+7 701 1234567", "7011234567", "+7(701)123 45 67"] {
            assert_eq!(phone(text).as_deref(), Some("+77011234567"), "{text}");
        }
        for text in ["+7 709 123 45 67", "701123", "abc", "", "+7 701 123 45 6", "112"] {
            assert_eq!(phone(text), None, "{text}");
        }
        assert_eq!(phone("+79161234567").as_deref(), Some("+79161234567"));
        assert!(of_kazakhstan("+77011234567") && !of_kazakhstan("+79161234567"));
    }

    #[test]
    fn acc_4_a_name_and_a_sex_are_enough() {
        let data = Data::parse(Kind::Student, typed("  Сәрсенова "), today()).unwrap();
        assert_eq!((data.surname.as_str(), data.folded_name.as_str()), ("Сәрсенова", "сарсенова айгул"));
        let mononym = Typed { given_name: None, ..typed("Аблай") };
        assert_eq!(Data::parse(Kind::Student, mononym, today()).unwrap().given_name, "");
    }

    #[test]
    fn names_are_of_letters() {
        for good in ["Сейіт-Ахмет", "О’Коннор", "Ибн Сина", "Smith Jr."] {
            assert!(Data::parse(Kind::Student, typed(good), today()).is_ok(), "{good}");
        }
        for bad in ["Ахмет1", "<b>", "а\u{202e}б", "-", "A\0B"] {
            assert_eq!(codes(Kind::Student, typed(bad)), [("surname".to_owned(), "name-invalid")], "{bad}");
        }
        assert_eq!(codes(Kind::Student, typed(" ")), [("surname".to_owned(), "required")]);
        assert_eq!(codes(Kind::Student, typed(&"а".repeat(101))).first().unwrap().1, "too-long");
        let long = Typed { patronymic: Some("б".repeat(60)), ..typed(&"а".repeat(60)) };
        assert_eq!(codes(Kind::Student, long), [("surname".to_owned(), "too-long")]);
    }

    #[test]
    fn s14_an_address_is_kept_of_staff_alone() {
        let of = || Typed { address: Some("Абай 1".to_owned()), position: Some("x".to_owned()), ..typed("А") };
        for kind in [Kind::Student, Kind::Guardian] {
            let codes = codes(kind, of());
            assert_eq!(codes.iter().filter(|c| c.1 == "not-for-kind").count(), 2, "{codes:?}");
        }
        assert!(Data::parse(Kind::Staff, of(), today()).is_ok());
    }

    #[test]
    fn birth_dates_lie_between_1900_and_today() {
        for (date, good) in [("1899-12-31", false), ("1900-01-01", true), ("2026-09-01", true), ("2026-09-02", false)] {
            let typed = Typed { birth_date: Some(date.parse().unwrap()), ..typed("А") };
            assert_eq!(Data::parse(Kind::Student, typed, today()).is_ok(), good, "{date}");
        }
    }

    #[test]
    fn roles_follow_the_kind_and_the_children() {
        let of = |roles: &[Role]| roles.iter().copied().collect::<Roles>();
        assert_eq!(roles_after(Kind::Staff, None, None, false), of(&[Role::Teacher]));
        assert_eq!(
            roles_after(Kind::Staff, None, Some(of(&[Role::Editor])), true),
            of(&[Role::Editor, Role::Guardian])
        );
        assert_eq!(roles_after(Kind::Student, None, Some(of(&[Role::Administrator])), false), of(&[Role::Student]));
        assert_eq!(
            roles_after(Kind::Staff, Some(of(&[Role::Teacher, Role::Guardian])), None, false),
            of(&[Role::Teacher])
        );
        assert!(needs_grant(of(&[Role::Teacher]), of(&[Role::Administrator])));
        assert!(needs_grant(of(&[Role::Editor]), of(&[Role::Teacher])));
        assert!(!needs_grant(of(&[Role::Teacher]), of(&[Role::ClassTeacher])));
        let wrong = Typed { roles: Some(vec![Role::Student]), ..typed("А") };
        assert_eq!(codes(Kind::Staff, wrong), [("roles".to_owned(), "unknown")]);
        let wrong = Typed { roles: Some(vec![Role::Administrator]), ..typed("А") };
        assert_eq!(codes(Kind::Student, wrong), [("roles".to_owned(), "not-for-kind")]);
    }

    #[test]
    fn idn_9_a_search_is_cut_into_literal_words() {
        assert_eq!(patterns(" Нұргүл  ӨМІРБЕК "), ["%нургул%", "%омирбек%"]);
        assert_eq!(patterns("50%_\\"), ["%50\\%\\_\\\\%"]);
        assert!(patterns("  ").is_empty());
    }
}
