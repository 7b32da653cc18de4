//! `direct_url.json`: where a package came from that was named by its address (PEP 610).

use serde::Serialize;

use eryx_base::Digest;

#[derive(Serialize)]
struct Document<'a> {
    archive_info: Archive,
    url: &'a str,
}

#[derive(Serialize)]
struct Archive {
    hashes: Hashes,
}

#[derive(Serialize)]
struct Hashes {
    sha256: String,
}

/// The contents of `direct_url.json` for an archive at `url` with this hash. User name and password
/// are taken out of the URL. `None` for a file of the machine that bakes: no path of it is in an
/// image.
pub(super) fn document(url: &str, sha256: &Digest) -> Option<Vec<u8>> {
    let url = without_credentials(url)?;
    let document = Document {
        archive_info: Archive {
            hashes: Hashes {
                sha256: sha256.to_string(),
            },
        },
        url: &url,
    };
    serde_json::to_vec(&document).ok()
}

fn without_credentials(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    if scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let host = authority.rsplit('@').next().unwrap_or(authority);
    Some(format!("{scheme}://{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_written_without_credentials() {
        let written =
            |url| document(url, &Digest::of(b"")).map(|json| String::from_utf8(json).unwrap());
        assert_eq!(
            written("https://user:p@ss@example.com/a@b.whl?x=@").unwrap(),
            format!(
                "{{\"archive_info\":{{\"hashes\":{{\"sha256\":\"{}\"}}}},\
                 \"url\":\"https://example.com/a@b.whl?x=@\"}}",
                Digest::of(b"")
            )
        );
        assert_eq!(written("file:///home/me/a.whl"), None);
        assert_eq!(written("a.whl"), None);
    }
}
