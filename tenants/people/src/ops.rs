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

use kd_ctx::Turn;
use kd_kernel::{Act, Result};

use crate::known::children_of;
use crate::members::class_names;
use crate::store;
use crate::wire::{Me, MeSchool, MyChild, MySchool};

/// Who asks, with everything that the frame of the page needs.
pub async fn me(turn: &Turn) -> Result<Me> {
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
    let schools = store::schools_of(turn.house().store.platform(), who.account).await?;
    let schools = schools.into_iter().filter(|s| s.is_open()).map(|s| MySchool {
        roles: if s.slug == school.slug { roles.clone() } else { Vec::new() },
        slug: s.slug,
        name_kk: s.name_kk,
        name_ru: s.name_ru,
    });
    Ok(Me {
        profile_id: who.profile,
        full_name: who.full_name.clone(),
        schools: schools.collect(),
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
