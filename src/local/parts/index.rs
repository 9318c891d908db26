//! Where a wheel is: looked up by file name in a Python package index, because addresses contain hashes and mirrors
//! have others (<https://packaging.python.org/en/latest/specifications/simple-repository-api/>).

use serde::Deserialize;
use url::Url;

/// The index that the user's own settings name, in uv's and pip's order, else `PyPI`.
pub fn address() -> String {
    let named =
        ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"].iter().filter_map(|name| std::env::var(name).ok());
    let named = named.map(|value| value.trim().to_owned()).find(|value| !value.is_empty());
    named.unwrap_or_else(|| "https://pypi.org/simple".to_owned())
}

/// What we ask for: JSON, or the HTML that older mirrors have.
pub const ACCEPT: &str =
    "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

#[derive(Deserialize)]
struct Project {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    url: String,
}

/// The address of a file, from a project's page that came from `page`.
pub fn find(page: &Url, body: &str, file: &str) -> Option<Url> {
    let address = match serde_json::from_str::<Project>(body) {
        Ok(project) => project.files.into_iter().find(|entry| entry.filename == file)?.url,
        Err(_) => link(body, file)?,
    };
    let mut found = page.join(&address).ok()?;
    found.set_fragment(None);
    // A mirror that asks for a login asks for it here too.
    if found.host_str() == page.host_str() && found.username().is_empty() {
        found.set_username(page.username()).ok()?;
        found.set_password(page.password()).ok()?;
    }
    Some(found)
}

/// The `href` in HTML whose path ends with the file name.
fn link(body: &str, file: &str) -> Option<String> {
    let hrefs = body.split("href=").skip(1).filter_map(|rest| {
        let quote = rest.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
        rest[1..].split(quote).next()
    });
    let mut hrefs = hrefs.map(|href| href.replace("&amp;", "&"));
    hrefs.find(|href| {
        let path = href.split(['#', '?']).next().unwrap_or_default();
        path.rsplit('/').next() == Some(file)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let page = Url::parse("https://user:pass@mirror.example/simple/uv/").unwrap();
        let json = r#"{"files":[{"filename":"uv-1.whl","url":"../../packages/uv-1.whl"},{"filename":"b","url":"x"}]}"#;
        let html = r#"<a href="../../packages/uv-1.whl#sha256=00">uv-1.whl</a>"#;
        for body in [json, html] {
            let found = find(&page, body, "uv-1.whl").unwrap();
            assert_eq!(found.as_str(), "https://user:pass@mirror.example/packages/uv-1.whl");
            assert_eq!(find(&page, body, "uv-2.whl"), None);
        }
        let elsewhere = r#"{"files":[{"filename":"uv-1.whl","url":"https://files.example/uv-1.whl"}]}"#;
        assert_eq!(find(&page, elsewhere, "uv-1.whl").unwrap().as_str(), "https://files.example/uv-1.whl");
    }
}
