//! The three APIs: every room's operations, composed. A new room is one more entry in a tuple here;
//! a tuple holds at most sixteen, then tuples nest.

use kd_accounts::{AccountsApi, OperatorsApi, OwnApi, OwnPasskeysApi, PasskeysApi, RecoveryApi};
use kd_audit::AuditApi;
use kd_calendar::CalendarApi;
use kd_classes::ClassesApi;
use kd_console::ConsoleApi;
use kd_desk::DeskApi;
use kd_http::below_slug;
use kd_http::pages::{Host, pages};
use kd_import::ImportApi;
use kd_journal::JournalApi;
use kd_kernel::Problem;
use kd_people::{Heir, IinApi, MergesApi, PeopleApi};
use kd_signup::SignupApi;
use kd_timetable::TimetableApi;
use kd_transfers::TransfersApi;
use poem::{Endpoint, IntoResponse, Request, Response, Route};
use poem_openapi::{OpenApi, OpenApiService, ServerObject};

/// Where the public site's API stands.
pub const SIGNUP: &str = "/api/signup";
/// Where the schools' APIs stand, each below its slug.
pub const PORTAL: &str = "/api/portal";
/// Where the operators' API stands.
pub const CONSOLE: &str = "/api/console";

/// The rooms that give over their rows when two profiles of a person become one.
pub const HEIRS: &[Heir] = &[kd_classes::HEIR, kd_timetable::HEIR, kd_journal::HEIR, kd_transfers::HEIR];

/// The operations of the public site.
#[must_use]
pub fn signup() -> OpenApiService<impl OpenApi + 'static, ()> {
    service((AccountsApi, PasskeysApi, RecoveryApi, SignupApi), "Kundelik: sign-up").server(ServerObject::new(SIGNUP))
}

/// The operations of a school.
#[must_use]
pub fn portal() -> OpenApiService<impl OpenApi + 'static, ()> {
    let server = ServerObject::new("/api/portal/{slug}").variable("slug", "The school's address", "mektep");
    let account = (OwnApi, OwnPasskeysApi);
    let people = (PeopleApi, MergesApi(HEIRS), IinApi);
    let rooms = (
        account,
        people,
        CalendarApi,
        ClassesApi,
        ImportApi,
        TimetableApi,
        JournalApi,
        TransfersApi,
        AuditApi,
        DeskApi,
    );
    service(rooms, "Kundelik: portal").server(server)
}

/// The operations of the provider's operators.
#[must_use]
pub fn console() -> OpenApiService<impl OpenApi + 'static, ()> {
    service((OperatorsApi, ConsoleApi), "Kundelik: console").server(ServerObject::new(CONSOLE))
}

fn service<A: OpenApi + 'static>(rooms: A, title: &str) -> OpenApiService<A, ()> {
    OpenApiService::new(rooms, title, env!("CARGO_PKG_VERSION"))
}

/// What the portal's host serves.
#[must_use]
pub fn portal_routes() -> Route {
    Route::new()
        .nest(SIGNUP, signup())
        .nest(PORTAL, below_slug(portal()))
        .nest("/api", nowhere())
        .nest("/", pages(Host::Portal))
}

/// What the console's host serves.
#[must_use]
pub fn console_routes() -> Route {
    Route::new().nest(CONSOLE, console()).nest("/api", nowhere()).nest("/", pages(Host::Console))
}

/// An unknown address of an API is no page.
fn nowhere() -> impl Endpoint<Output = Response> {
    poem::endpoint::make(|_: Request| async { Ok::<_, poem::Error>(Problem::not_found().into_response()) })
}
