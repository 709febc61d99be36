//! What people do here: one function per operation, in the order of the wire. Reads and writes of people
//! in `ops::people`, who leaves, returns and moves in `ops::moves`, duplicates in `ops::merges`, roles in
//! `ops::roles`, the ИИН in `ops::iin`, lost passwords in `ops::resets`, sheets in `ops::sheets`, where credentials stand in `ops::handouts`.

pub mod handouts;
pub mod iin;
pub mod merges;
pub mod moves;
pub mod people;
pub mod resets;
pub mod roles;
pub mod sheets;

use kd_ctx::{FutureExt as _, Turn};
use kd_http::Portal;
use kd_kernel::{Act, Result};

use crate::known::children_of;
use crate::members::class_names;
use crate::wire::{Me, MeSchool, MyChild, MySchool};

/// Who asks, with everything that the frame of the page needs. Of other schools of the account no more is asked,
/// and by nobody else, than which of them may be entered, and as what.
pub async fn me(door: &Portal) -> Result<Me> {
    let mut me = door.read(|turn| here(turn).boxed()).await?;
    if door.session().members.len() > 1 {
        let seats = kd_accounts::seats(door.house(), door.session()).await?;
        me.schools = seats.into_iter().map(MySchool::from).collect();
    }
    Ok(me)
}

async fn here(turn: &Turn) -> Result<Me> {
    turn.allow(Act::MeRead)?;
    let (who, school) = (turn.who(), turn.school());
    let classes = class_names(turn.db()).await?;
    let children = children_of(turn.db(), who.profile).await?.into_iter().map(|ward| MyChild {
        student_id: ward.student_id,
        full_name: ward.full_name,
        class_name: ward.class_id.and_then(|id| classes.get(&id)).map(crate::members::ClassName::name),
    });
    let children = children.collect();
    let roles: Vec<_> = who.roles.iter().collect();
    let this = MySchool {
        slug: school.slug.clone(),
        name_kk: school.name_kk.clone(),
        name_ru: school.name_ru.clone(),
        roles: roles.clone(),
    };
    Ok(Me {
        profile_id: who.profile,
        full_name: who.full_name.clone(),
        schools: vec![this],
        may: turn.house().access.may(who.roles).into_iter().map(str::to_owned).collect(),
        roles,
        school: MeSchool {
            slug: school.slug.clone(),
            name_kk: school.name_kk.clone(),
            name_ru: school.name_ru.clone(),
            language: school.language.clone(),
        },
        children,
        today: turn.today(),
    })
}
