//! Typed identities: a uuid v7 with the name of what it identifies. They guard the signatures of
//! functions; in SQL they are plain uuids.

/// Makes a typed identity: `id!(LessonId)`; on the wire a uuid string, in SQL a uuid.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub $crate::reexport::uuid::Uuid);

        impl $crate::reexport::serde::Serialize for $name {
            fn serialize<S: $crate::reexport::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                $crate::reexport::serde::Serialize::serialize(&self.0, to)
            }
        }

        impl<'de> $crate::reexport::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::reexport::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <$crate::reexport::uuid::Uuid as $crate::reexport::serde::Deserialize>::deserialize(from).map(Self)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl From<$crate::reexport::uuid::Uuid> for $name {
            fn from(value: $crate::reexport::uuid::Uuid) -> Self {
                Self(value)
            }
        }

        impl From<$name> for $crate::reexport::uuid::Uuid {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl From<$name> for $crate::reexport::sea_orm::Value {
            fn from(value: $name) -> Self {
                $crate::reexport::sea_orm::Value::from(value.0)
            }
        }

        impl $crate::reexport::sea_orm::TryGetable for $name {
            fn try_get_by<I: $crate::reexport::sea_orm::ColIdx>(
                row: &$crate::reexport::sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, $crate::reexport::sea_orm::TryGetError> {
                <$crate::reexport::uuid::Uuid as $crate::reexport::sea_orm::TryGetable>::try_get_by(row, index).map(Self)
            }
        }

        impl $crate::reexport::sea_orm::sea_query::ValueType for $name {
            fn try_from(
                value: $crate::reexport::sea_orm::Value,
            ) -> Result<Self, $crate::reexport::sea_orm::sea_query::ValueTypeErr> {
                <$crate::reexport::uuid::Uuid as $crate::reexport::sea_orm::sea_query::ValueType>::try_from(value).map(Self)
            }
            fn type_name() -> String {
                stringify!($name).to_owned()
            }
            fn array_type() -> $crate::reexport::sea_orm::sea_query::ArrayType {
                $crate::reexport::sea_orm::sea_query::ArrayType::Uuid
            }
            fn column_type() -> $crate::reexport::sea_orm::sea_query::ColumnType {
                $crate::reexport::sea_orm::sea_query::ColumnType::Uuid
            }
        }

        impl $crate::reexport::sea_orm::sea_query::Nullable for $name {
            fn null() -> $crate::reexport::sea_orm::Value {
                <$crate::reexport::uuid::Uuid as $crate::reexport::sea_orm::sea_query::Nullable>::null()
            }
        }

        impl $crate::reexport::sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, $crate::reexport::sea_orm::DbErr> {
                Err($crate::reexport::sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl $crate::reexport::poem_openapi::types::Type for $name {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;
            fn name() -> ::std::borrow::Cow<'static, str> {
                "string_uuid".into()
            }
            fn schema_ref() -> $crate::reexport::poem_openapi::registry::MetaSchemaRef {
                <$crate::reexport::uuid::Uuid as $crate::reexport::poem_openapi::types::Type>::schema_ref()
            }
            fn as_raw_value(&self) -> Option<&Self::RawValueType> {
                Some(self)
            }
            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self::RawElementValueType> + 'a> {
                Box::new(::std::iter::once(self))
            }
        }

        impl $crate::reexport::poem_openapi::types::ParseFromJSON for $name {
            fn parse_from_json(
                value: Option<$crate::reexport::serde_json::Value>,
            ) -> $crate::reexport::poem_openapi::types::ParseResult<Self> {
                <$crate::reexport::uuid::Uuid as $crate::reexport::poem_openapi::types::ParseFromJSON>::parse_from_json(value)
                    .map(Self)
                    .map_err($crate::reexport::poem_openapi::types::ParseError::propagate)
            }
        }

        impl $crate::reexport::poem_openapi::types::ParseFromParameter for $name {
            fn parse_from_parameter(value: &str) -> $crate::reexport::poem_openapi::types::ParseResult<Self> {
                value.parse().map(Self).map_err($crate::reexport::poem_openapi::types::ParseError::custom)
            }
        }

        impl $crate::reexport::poem_openapi::types::ToJSON for $name {
            fn to_json(&self) -> Option<$crate::reexport::serde_json::Value> {
                Some($crate::reexport::serde_json::Value::String(self.0.to_string()))
            }
        }
    };
}

use crate as kd_kernel_self;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => { $( kd_kernel_self::id!($(#[$meta])* $name); )+ };
}

ids!(
    /// A user's account in the whole system.
    AccountId,
    /// An agreement between provider and school.
    AgreementId,
    /// A school's application.
    ApplicationId,
    /// A class of one academic year.
    ClassId,
    /// A temporary credential.
    CredentialId,
    /// A file that a school brings in.
    ImportId,
    /// One lesson of one class on one day.
    LessonId,
    /// Two profiles of a school made one.
    MergeId,
    /// A passkey of an account.
    PasskeyId,
    /// A person in one school.
    ProfileId,
    /// A school; names its schema and role.
    SchoolId,
    /// A session.
    SessionId,
    /// A batch of printed credentials.
    SheetId,
    /// A subject of a school.
    SubjectId,
    /// A student who goes from one school to another.
    TransferId,
    /// An academic year of a school.
    YearId,
);
