//! What administrators do here: they search.

use std::collections::HashMap;

use kd_ctx::Turn;
use kd_kernel::{Act, ProfileId, Result};
use uuid::Uuid;

use crate::rules::stretch;
use crate::store::{self, Wanted};
use crate::wire::{AuditLine, AuditPage, AuditSearch, LookLine, LookPage, LookSearch};

/// The longest page, and the usual one.
const PAGE: (u32, u32) = (100, 50);

/// A page of the audit.
pub(crate) async fn audit_search(turn: &Turn, search: AuditSearch) -> Result<AuditPage> {
    turn.allow(Act::AuditSee)?;
    let (from, to) = stretch(search.from, search.to)?;
    let page = page(search.limit);
    let wanted = Wanted {
        from,
        to,
        who: search.actor_id,
        subject: search.subject_id,
        before: search.before,
        most: i64::from(page) + 1,
    };
    let mut found = store::search(turn.db(), &wanted, search.operations).await?;
    let more = cut(&mut found, page);
    let mut people: Vec<ProfileId> = found.iter().filter_map(|line| line.profile_id).collect();
    people.extend(found.iter().filter_map(|line| line.subject_id).map(ProfileId));
    let names = Names::of(turn, people).await?;
    let lines = found.into_iter().map(|line| AuditLine {
        id: line.id,
        at: line.at,
        actor_name: line.profile_id.and_then(|id| names.person(id)),
        actor_id: line.profile_id,
        subject_name: line.subject_id.and_then(|id| names.any(id)),
        subject_id: line.subject_id,
        operation: line.operation,
        detail: line.detail,
        came_from: line.came_from,
        sealed: line.sealed,
    });
    Ok(AuditPage { lines: lines.collect(), more })
}

/// A page of the access log.
pub(crate) async fn look_search(turn: &Turn, search: LookSearch) -> Result<LookPage> {
    turn.allow(Act::AuditSee)?;
    let (from, to) = stretch(search.from, search.to)?;
    let page = page(search.limit);
    let wanted = Wanted {
        from,
        to,
        who: search.actor_id,
        subject: search.subject_id.map(|id| id.0),
        before: search.before,
        most: i64::from(page) + 1,
    };
    let mut found = store::looks(turn.db(), &wanted).await?;
    let more = cut(&mut found, page);
    let people: Vec<ProfileId> = found.iter().flat_map(|look| [look.profile_id, look.subject_id]).collect();
    let names = Names::of(turn, people).await?;
    let looks = found.into_iter().map(|look| LookLine {
        id: look.id,
        at: look.at,
        what: look.what,
        actor_name: names.person(look.profile_id),
        actor_id: look.profile_id,
        subject_name: names.person(look.subject_id),
        subject_id: look.subject_id,
        came_from: look.came_from,
    });
    Ok(LookPage { looks: looks.collect(), more })
}

fn page(limit: Option<u32>) -> u32 {
    limit.unwrap_or(PAGE.1).clamp(1, PAGE.0)
}

/// Cuts what was found to a page; true when there was more.
fn cut<T>(found: &mut Vec<T>, page: u32) -> bool {
    let page = usize::try_from(page).unwrap_or(usize::MAX);
    let more = found.len() > page;
    found.truncate(page);
    more
}

/// What people and classes are called.
struct Names {
    people: HashMap<ProfileId, String>,
    classes: HashMap<Uuid, String>,
}

impl Names {
    async fn of(turn: &Turn, people: Vec<ProfileId>) -> Result<Self> {
        let people = kd_people::names_of(turn.db(), people).await?;
        let classes = kd_people::class_names(turn.db()).await?;
        Ok(Self { people, classes: classes.into_iter().map(|(id, class)| (id.0, class.name())).collect() })
    }

    fn person(&self, id: ProfileId) -> Option<String> {
        self.people.get(&id).cloned()
    }

    fn any(&self, id: Uuid) -> Option<String> {
        self.person(ProfileId(id)).or_else(|| self.classes.get(&id).cloned())
    }
}
