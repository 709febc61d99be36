//! The doors of classes, subjects and loads.

use kd_ctx::FutureExt as _;
use kd_http::{Answer, IdempotencyKey, Portal};
use kd_kernel::ProfileId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use uuid::Uuid;

use crate::wire::{
    Class, ClassNew, ClassStudent, Load, LoadNew, Nothing, Subject, SubjectNew, TeacherSubjects, TeacherSubjectsPut,
};
use crate::{ops, taught};

/// The operations of classes.
pub struct ClassesApi;

#[OpenApi]
impl ClassesApi {
    /// The classes of the current year.
    #[oai(path = "/classes", method = "get", operation_id = "class_list")]
    async fn list(&self, door: Portal) -> Answer<Vec<Class>> {
        Ok(Json(door.read(|turn| ops::list(turn).boxed()).await?))
    }

    /// Makes a class in the current year.
    #[oai(path = "/classes", method = "post", operation_id = "class_add")]
    async fn add(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<ClassNew>,
    ) -> Answer<Class> {
        let new = body.0;
        Ok(Json(door.once(&key, "class_add", &new.clone(), |turn| ops::add(turn, new).boxed()).await?))
    }

    /// Who is in a class, by name.
    #[oai(path = "/classes/:id/students", method = "get", operation_id = "class_students")]
    async fn students(&self, door: Portal, id: Path<Uuid>) -> Answer<Vec<ClassStudent>> {
        Ok(Json(door.read(|turn| ops::students(turn, id.0.into()).boxed()).await?))
    }

    /// The school's subjects.
    #[oai(path = "/subjects", method = "get", operation_id = "subject_list")]
    async fn subjects(&self, door: Portal) -> Answer<Vec<Subject>> {
        Ok(Json(door.read(|turn| ops::subjects(turn).boxed()).await?))
    }

    /// Adds a subject of the school's own.
    #[oai(path = "/subjects", method = "post", operation_id = "subject_add")]
    async fn add_subject(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<SubjectNew>,
    ) -> Answer<Subject> {
        let new = body.0;
        Ok(Json(door.once(&key, "subject_add", &new.clone(), |turn| ops::add_subject(turn, new).boxed()).await?))
    }

    /// Adds the country's subjects, as far as they are missing.
    #[oai(path = "/subjects/defaults", method = "post", operation_id = "subjects_default")]
    async fn default_subjects(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<Nothing>,
    ) -> Answer<Vec<Subject>> {
        Ok(Json(door.once(&key, "subjects_default", &body.0, |turn| ops::default_subjects(turn).boxed()).await?))
    }

    /// Which subjects members of staff teach; who teaches none is not in it.
    #[oai(path = "/teachers/subjects", method = "get", operation_id = "teacher_subjects")]
    async fn taught(&self, door: Portal) -> Answer<Vec<TeacherSubjects>> {
        Ok(Json(door.read(|turn| taught::list(turn).boxed()).await?))
    }

    /// Says which subjects a member of staff teaches. 409 `classes.taught-changed` where somebody else did meanwhile.
    #[oai(path = "/teachers/:id/subjects", method = "put", operation_id = "teacher_subjects_put")]
    async fn put_taught(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        id: Path<ProfileId>,
        body: Json<TeacherSubjectsPut>,
    ) -> Answer<TeacherSubjects> {
        let (id, put) = (id.0, body.0);
        let same = (id, put.clone());
        Ok(Json(door.once(&key, "teacher_subjects_put", &same, |turn| taught::put(turn, id, put).boxed()).await?))
    }

    /// Who teaches what to whom.
    #[oai(path = "/loads", method = "get", operation_id = "load_list")]
    async fn loads(&self, door: Portal) -> Answer<Vec<Load>> {
        Ok(Json(door.read(|turn| ops::loads(turn).boxed()).await?))
    }

    /// Says who teaches a subject to a class.
    #[oai(path = "/loads", method = "post", operation_id = "load_add")]
    async fn add_load(
        &self,
        door: Portal,
        #[oai(name = "Idempotency-Key")] key: IdempotencyKey,
        body: Json<LoadNew>,
    ) -> Answer<Load> {
        let new = body.0;
        Ok(Json(door.once(&key, "load_add", &new.clone(), |turn| ops::add_load(turn, new).boxed()).await?))
    }
}
