//! The kinds of files that documents are.

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/pdf`.
    Pdf,
    /// `text/plain`.
    Text,
    /// `application/json`.
    Json,
    /// `image/png`.
    Png,
    /// `image/jpeg`.
    Jpeg,
}

impl Media {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pdf, Self::Text, Self::Json, Self::Png, Self::Jpeg];

    /// As a content type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain",
            Self::Json => "application/json",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The kind of a content type without parameters; none where it is another.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.as_str().eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for media in Media::ALL {
            assert_eq!(Media::of_name(media.as_str()), Some(media));
        }
        assert_eq!(Media::of_name("Application/PDF"), Some(Media::Pdf));
        assert_eq!(Media::of_name("text/html"), None);
    }
}
