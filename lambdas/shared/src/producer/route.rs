//! Routes as data: method, path, who may take them, what they are sent.

use crate::http::Problem;

/// Who may take a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone; a token that is sent along must be valid all the same.
    Open,
    /// A customer with a session.
    Session,
}

/// What a route is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Nothing: the route reads.
    Read,
    /// Nothing that matters: the route changes something all the same, so an `Idempotency-Key` counts.
    Bare,
    /// A JSON body.
    Json,
}

/// One route.
#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    /// `POST`.
    pub method: &'static str,
    /// `/api/user/{customerId}/progress`: a segment in braces takes any one.
    pub path: &'static str,
    /// Who may take it.
    pub access: Access,
    /// What it is sent.
    pub payload: Payload,
}

impl Route {
    /// The value of the path's parameter, or an empty text where it has none; nothing where the path is another.
    fn matches<'a>(&self, path: &'a str) -> Option<&'a str> {
        let mut parameter = "";
        let mut given = path.trim_matches('/').split('/');
        for expected in self.path.trim_matches('/').split('/') {
            let segment = given.next()?;
            if expected.starts_with('{') && !segment.is_empty() {
                parameter = segment;
            } else if expected != segment {
                return None;
            }
        }
        given.next().is_none().then_some(parameter)
    }

    /// The route of a method and path, with the path's parameter; or a refusal.
    pub(super) fn find<'a>(
        routes: &'static [Self],
        method: &str,
        path: &'a str,
    ) -> Result<(&'static Self, &'a str), Problem> {
        let of_path: Vec<_> =
            routes.iter().filter_map(|route| route.matches(path).map(|parameter| (route, parameter))).collect();
        let Some((first, _)) = of_path.first() else {
            return Err(Problem::no_route());
        };
        of_path
            .iter()
            .find(|(route, _)| route.method == method)
            .copied()
            .ok_or_else(|| Problem::new(405, "METHOD_NOT_ALLOWED", &format!("This route takes {}.", first.method)))
    }

    /// What keys are scoped by.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROUTES: &[Route] = &[
        Route { method: "POST", path: "/api/session", access: Access::Open, payload: Payload::Bare },
        Route {
            method: "GET",
            path: "/api/user/{customerId}/progress",
            access: Access::Session,
            payload: Payload::Read,
        },
    ];

    #[test]
    fn routes() {
        for (method, path, expected) in [
            ("POST", "/api/session", Ok(("/api/session", ""))),
            ("POST", "/api/session/", Ok(("/api/session", ""))),
            ("GET", "/api/user/c-1/progress", Ok(("/api/user/{customerId}/progress", "c-1"))),
            ("GET", "/api/session", Err(405)),
            ("POST", "/api/user/c-1/progress", Err(405)),
            ("GET", "/api/user//progress", Err(404)),
            ("GET", "/api/user/c-1/progress/more", Err(404)),
            ("GET", "/api/user/c-1", Err(404)),
            ("POST", "/api/other", Err(404)),
            ("POST", "/", Err(404)),
        ] {
            let found = Route::find(ROUTES, method, path).map(|(route, parameter)| (route.path, parameter));
            assert_eq!(found.map_err(|problem| problem.status), expected, "{method} {path}");
        }
    }

    proptest! {
        #[test]
        fn no_path_panics(method in "[A-Z]{0,8}", path in ".{0,60}") {
            let _ = Route::find(ROUTES, &method, &path);
        }
    }
}
