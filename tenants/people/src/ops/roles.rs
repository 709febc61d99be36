//! Roles: who holds which, who is given and loses them, and what each role may do, as the policies have it.

use kd_accounts::{credentials::void, has_second_factor};
use kd_cache::Topic;
use kd_ctx::sessions::Span;
use kd_ctx::{Permit, Turn};
use kd_kernel::names::{full_name, sort_by_name};
use kd_kernel::{Act, Problem, ProfileId, Result, Role, Roles};
use serde_json::json;

use super::people::{asking, changed};
use crate::ops::handouts::step;
use crate::rules;
use crate::store::{self, Card, HolderRow};
use crate::wire::{Right, RoleHolder, RoleRights, RolesPut};

/// Everybody on the staff with the roles held, by name.
pub async fn list(turn: &Turn) -> Result<Vec<RoleHolder>> {
    turn.allow(Act::RoleSee)?;
    let mut holders: Vec<RoleHolder> = store::holders(turn.db()).await?.into_iter().map(holder).collect();
    sort_by_name(&mut holders, |h| &h.full_name);
    Ok(holders)
}

fn holder(row: HolderRow) -> RoleHolder {
    RoleHolder {
        id: row.id,
        full_name: full_name(&row.surname, &row.given_name, row.patronymic.as_deref()),
        position: row.position,
        roles: row.roles.split(',').filter_map(Role::of_name).collect::<Roles>().iter().collect(),
        registered: row.registered,
        version: row.version,
    }
}

/// Makes these the roles of a member of staff.
pub async fn put(turn: &Turn, id: ProfileId, put: RolesPut) -> Result<RoleHolder> {
    let card = store::card_to_change(turn.db(), asking(turn), id).await?.ok_or_else(Problem::not_found)?;
    let card = turn.permit(Act::RoleGrant, card)?;
    let said = rules::staff_roles(card.kind, put.roles)?;
    if card.version != put.version {
        return Err(changed(turn, &card).await?);
    }
    let after = rules::roles_after(card.kind, Some(card.roles()), Some(said), card.roles().holds(Role::Guardian));
    weigh(turn, &card, after).await?;
    store::put_roles(turn.db(), &card, id, after, turn.now()).await?;
    store::touch(turn.db(), &card, asking(turn)).await?;
    turn.about(id.0, json!({ "from": names(card.roles()), "to": names(after) }));
    turn.say(Topic::People, Some(id.0));
    store::holder(turn.db(), id).await?.map(holder).ok_or_else(Problem::not_found)
}

/// The roles by their names, for a line of the audit.
pub fn names(roles: Roles) -> Vec<&'static str> {
    roles.iter().map(Role::name).collect()
}

/// Whether a person may go from the roles held to those: administrators and editors are made by who gives
/// roles; somebody who can administer remains, also when two take the role from each other at once.
///
/// # Errors
/// 403, also `accounts.step-up-needed`; 409 `people.last-administrator`, `people.second-factor-missing`.
pub async fn weigh(turn: &Turn, card: &Permit<Card>, after: Roles) -> Result<()> {
    weigh_from(turn, card, (card.roles(), after)).await
}

/// As [`weigh`], of somebody who holds other roles than the card says: none, while in the archive.
///
/// # Errors
/// As there.
pub async fn weigh_from(turn: &Turn, card: &Permit<Card>, (before, after): (Roles, Roles)) -> Result<()> {
    if rules::needs_grant(before, after) {
        turn.allow(Act::RoleGrant)?;
        turn.fresh()?;
    }
    if rules::gives_up_administration(before, after) && store::other_administrators(turn.db(), card.id).await? == 0 {
        return Err(Problem::conflict("people.last-administrator"));
    }
    // An editor who comes to administer was asked for less so far.
    if rules::rises(before, after) {
        harden(turn, card, after).await?;
    }
    Ok(())
}

/// Whether the e-mail of a person may become another one. Of somebody who will administer or edit and has not registered
/// yet it is the address to which the initial login goes: it is changed by who gives such roles.
///
/// # Errors
/// 403, also `accounts.step-up-needed`.
pub fn may_readdress(turn: &Turn, card: &Permit<Card>, email: Option<&str>) -> Result<()> {
    if card.account_id.is_none() && rules::strict(card.roles()) && card.email.as_deref() != email {
        turn.allow(Act::RoleGrant)?;
        turn.fresh()?;
    }
    Ok(())
}

/// Whoever comes to administer has a second factor (S24). An account must have one already; a card that was
/// printed for less is void, so the next one demands it.
async fn harden(turn: &Turn, card: &Permit<Card>, after: Roles) -> Result<()> {
    let (house, platform) = (turn.house(), turn.house().store.platform());
    match card.account_id {
        Some(account) if rules::needs_second_factor(after) && !has_second_factor(platform, account).await? => {
            Err(Problem::conflict("people.second-factor-missing"))
        }
        // Safe where this turn is not committed after all: a session that is too short is opened anew.
        Some(account) if rules::needs_second_factor(after) => {
            house.sessions_shorten(account, Span::Administrator).await
        }
        Some(_) => Ok(()),
        None => {
            // Safe to do twice, and safe where this turn is not committed after all: another sheet mends it.
            for taken in store::handouts::revoke(turn.db(), &step(turn, std::iter::once(card.id))).await? {
                void(house, platform, taken.credential_id).await?;
            }
            Ok(())
        }
    }
}

/// What each role of a school may do, read from the table by which every request is decided.
pub async fn rights(turn: &Turn) -> Result<Vec<RoleRights>> {
    turn.allow(Act::RoleSee)?;
    let access = &turn.house().access;
    let of_school = Role::ALL.into_iter().filter(|role| *role != Role::Operator);
    let rights = of_school.map(|role| {
        let rights = access.rights(role).into_iter().map(|(act, relations)| Right {
            act: act.name().to_owned(),
            relations: relations.into_iter().map(|r| r.name().to_owned()).collect(),
        });
        RoleRights { role, rights: rights.collect() }
    });
    Ok(rights.collect())
}
