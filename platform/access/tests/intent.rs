//! What each role is meant to do, written by hand from the mission and the domain's rules, act by act with
//! the reason; and how many changed policies these statements notice. The reviewed matrix says what the
//! policies give; this says what they should.

#![expect(clippy::panic, reason = "tests")]

use std::collections::BTreeSet;

use kd_access::{Access, POLICIES};
use kd_kernel::{Act, Relation, Relations, Role, Roles};

use Relation::{Any, Homeroom, Own, Taught, Ward};
use Role::{Administrator, ClassTeacher, Editor, Guardian, Operator, Student, Teacher};

type Given = (Role, &'static [Relation]);

const STAFF: [Given; 4] = [(Administrator, &[Any]), (Editor, &[Any]), (ClassTeacher, &[Any]), (Teacher, &[Any])];
const EVERYBODY: [Given; 6] = [
    (Administrator, &[Any]),
    (Editor, &[Any]),
    (ClassTeacher, &[Any]),
    (Teacher, &[Any]),
    (Student, &[Any]),
    (Guardian, &[Any]),
];
/// M9: the school's service is administered by administrators alone.
const ADMINISTRATORS: [Given; 1] = [(Administrator, &[Any])];
/// M9: entering and editing are for administrators and editors.
const WHO_ENTERS: [Given; 2] = [(Administrator, &[Any]), (Editor, &[Any])];
/// Decision 10: an operator is nobody inside a school, and nobody in a school is an operator.
const PROVIDER: [Given; 1] = [(Operator, &[Any])];

/// Who is meant to do an act, standing how. Nothing stands for an act that has not been thought about.
fn meant(act: Act) -> Option<Vec<Given>> {
    Some(match act.name() {
        // Whoever is in a school has a page and hears that it has changed.
        "me.read" | "live.hear" | "calendar.see" => EVERYBODY.to_vec(),
        // M29: everybody keeps the own account in order.
        "account.own" => EVERYBODY.to_vec(),
        // M29: who has no e-mail gets a new password from the class teacher, or from an administrator.
        "password.reset" => vec![(Administrator, &[Any]), (ClassTeacher, &[Homeroom])],
        // Setting up, people's rights and their credentials, and who did what: administrators.
        // Mission: the administrator enters people or imports them; what comes from another diary has a basis that the
        // school answers for.
        "import.run" => ADMINISTRATORS.to_vec(),
        // M27: personal data go to another school, and come from one, in the name of the school.
        "transfer.send" | "transfer.accept" => ADMINISTRATORS.to_vec(),
        "setup.see" | "setup.edit" | "role.grant" | "role.see" | "person.leave" | "audit.see" | "sheet.issue" => {
            ADMINISTRATORS.to_vec()
        }
        // A teacher's day: who teaches, who leads a class, who administers.
        "desk.teach" => vec![(Administrator, &[Any]), (ClassTeacher, &[Any]), (Teacher, &[Any])],
        // ACC-2: a guardian sees linked children alone, a student herself alone; the class teacher her class.
        "desk.family" => {
            vec![(Administrator, &[Any]), (ClassTeacher, &[Homeroom]), (Student, &[Own]), (Guardian, &[Ward])]
        }
        // Colleagues find everybody; families have no list of people.
        "people.search" | "class.see" | "class.students" | "lesson.see" | "journal.see" => STAFF.to_vec(),
        // ACC-2 again: of a card.
        "person.see" => [&STAFF[..], &[(Student, &[Own]), (Guardian, &[Own, Ward])]].concat(),
        "person.add" | "person.edit" | "person.iin" | "person.merge" | "calendar.edit" | "class.edit"
        | "lesson.add" => WHO_ENTERS.to_vec(),
        // ACC-3: the class teacher hands cards to her own class, and sees how far it is.
        "credential.board" => vec![(Administrator, &[Any]), (ClassTeacher, &[Any])],
        "credential.mail" => vec![(Administrator, &[Any])],
        "credential.hand-over" | "credential.see" | "credential.void" => {
            vec![(Administrator, &[Any]), (ClassTeacher, &[Homeroom])]
        }
        // A lesson's topic is written by who teaches it, or entered for her.
        "lesson.edit" => [&WHO_ENTERS[..], &[(Teacher, &[Taught])]].concat(),
        // JRN-1: marks and attendance by who teaches; administrators correct. Editors do not mark.
        "journal.mark" | "journal.attend" => vec![(Administrator, &[Any]), (Teacher, &[Taught])],
        // JRN-2: the history is for who may answer for it.
        "journal.history" => vec![(Administrator, &[Any]), (ClassTeacher, &[Homeroom]), (Teacher, &[Taught])],
        "desk.operate" | "application.see" | "application.decide" | "school.see" | "provisioning.steer" => {
            PROVIDER.to_vec()
        }
        // M23: the provider restricts a user who breaks the rules; schools hear of it.
        "user.see" | "user.restrict" => PROVIDER.to_vec(),
        _ => return None,
    })
}

fn standing(relation: Relation) -> Relations {
    Relations::none().and(relation, true)
}

/// Acts that are more than seeing their thing.
fn writes(act: Act) -> bool {
    act.sees() != act
}

/// The statements, each of which a policy may break. Answers the first that is broken.
fn broken(access: &Access) -> Option<String> {
    let decides =
        |role: Role, act: Act, relation: Relation| access.decide(Roles::default().with(role), act, standing(relation));
    for act in Act::ALL {
        for role in Role::ALL {
            let given = meant(*act).unwrap_or_default();
            let relations = given.iter().find(|(given, _)| *given == role).map_or(&[][..], |(_, relations)| *relations);
            for relation in Relation::ALL {
                let should = relations.contains(&Any) || relations.contains(&relation);
                if decides(role, *act, relation) != should {
                    return Some(format!("{} {} {}", role.name(), act.name(), relation.name()));
                }
            }
        }
    }
    None
}

#[tokio::test]
async fn s02_the_policies_do_what_is_meant() {
    for act in Act::ALL {
        assert!(meant(*act).is_some(), "nobody has said who is meant to do {}: say it here", act.name());
    }
    assert_eq!(broken(&Access::load().await.unwrap()), None);
}

#[tokio::test]
async fn acc_2_families_write_nothing_and_see_nothing_of_others() {
    let access = Access::load().await.unwrap();
    for act in Act::ALL {
        for role in [Student, Guardian] {
            let held = Roles::default().with(role);
            for relation in Relation::ALL {
                let may = access.decide(held, *act, standing(relation));
                assert!(!may || !writes(*act), "{} {}", role.name(), act.name());
            }
            let of_anybody = access.decide(held, *act, Relations::none());
            let harmless = [Act::MeRead, Act::AccountOwn, Act::LiveHear, Act::CalendarSee].contains(act);
            assert_eq!(of_anybody, harmless, "{} {}", role.name(), act.name());
        }
    }
}

#[tokio::test]
async fn s02_who_may_do_an_act_may_see_its_thing() {
    let access = Access::load().await.unwrap();
    for act in Act::ALL {
        for role in Role::ALL {
            let held = Roles::default().with(role);
            for relation in Relation::ALL {
                let (does, sees) = (
                    access.decide(held, *act, standing(relation)),
                    access.decide(held, act.sees(), standing(relation)),
                );
                assert!(!does || sees, "{} may {} and not see it", role.name(), act.name());
            }
        }
    }
}

/// Every policy with one line of it changed: taken out, widened, or narrowed to the person's own.
fn mutants() -> Vec<(String, Role, String)> {
    let mut all = Vec::new();
    for (role, csv) in POLICIES {
        let lines: Vec<&str> = csv.lines().filter(|line| !line.trim().is_empty()).collect();
        for (at, line) in lines.iter().enumerate() {
            let with = |instead: Option<String>| {
                let changed = lines
                    .iter()
                    .enumerate()
                    .filter_map(|(n, line)| if n == at { instead.clone() } else { Some((*line).to_owned()) });
                changed.collect::<Vec<_>>().join("\n")
            };
            let (act, relation) = line.rsplit_once(", ").unwrap_or_else(|| panic!("{line}"));
            all.push((format!("without `{line}`"), role, with(None)));
            let other = if relation == "any" { "own" } else { "any" };
            let instead = format!("{act}, {other}");
            all.push((format!("`{instead}` instead of `{line}`"), role, with(Some(instead))));
        }
        // A right that nobody meant to give: what the others of the house have and this role has not.
        let own: BTreeSet<&str> = lines.iter().filter_map(|line| line.split(", ").nth(2)).collect();
        for act in Act::ALL.iter().filter(|act| !own.contains(act.name())).step_by(4) {
            let more = format!("p, {}, {}, any", role.name(), act.name());
            all.push((format!("with `{more}`"), role, format!("{}\n{more}", lines.join("\n"))));
        }
    }
    all
}

/// The statements, of one role alone: the policy of a mutant holds no other role's lines.
fn notices(access: &Access, role: Role) -> bool {
    let held = Roles::default().with(role);
    Act::ALL.iter().any(|act| {
        let given = meant(*act).unwrap_or_default();
        let relations = given.iter().find(|(given, _)| *given == role).map_or(&[][..], |(_, relations)| *relations);
        Relation::ALL.into_iter().any(|relation| {
            let should = relations.contains(&Any) || relations.contains(&relation);
            access.decide(held, *act, standing(relation)) != should
        })
    })
}

#[tokio::test]
async fn s02_changed_policies_are_noticed_by_what_is_meant() {
    let (mut tried, mut caught, mut survivors) = (0_u32, 0_u32, Vec::new());
    for (what, role, csv) in mutants() {
        tried += 1;
        if notices(&Access::from_policies(&csv).await.unwrap(), role) {
            caught += 1;
        } else {
            survivors.push(format!("{}: {what}", role.name()));
        }
    }
    println!("policy mutants: {tried} tried, {caught} caught, {} survived", survivors.len());
    for survivor in &survivors {
        println!("  survived: {survivor}");
    }
    assert!(tried >= 100, "{tried} tried");
    assert!(caught * 100 >= tried * 95, "{caught} of {tried} caught: {survivors:?}");
}
