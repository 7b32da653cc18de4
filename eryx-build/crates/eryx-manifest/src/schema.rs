//! The JSON schema of manifests, for editors that complete and check them as they are written.

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::key::{Key, Rule, SectionKeys, Shape};
use crate::manifest::SECTIONS;

/// The draft that editors of TOML know best.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The JSON schema (draft 7) of `eryx.toml`, as a text that ends in a line feed. It describes the
/// keys and what their values look like; only reading a manifest says whether it is right.
///
/// ```
/// let schema = eryx_manifest::schema();
/// assert!(schema.contains("\"title\": \"eryx.toml\""));
/// ```
#[must_use]
pub fn schema() -> String {
    let root = Node {
        schema: Some(DRAFT),
        title: Some("eryx.toml"),
        description: Some("What goes into a Python sandbox image"),
        required: SECTIONS
            .iter()
            .filter(|section| section.keys.iter().any(|key| key.required))
            .map(|section| section.key())
            .collect(),
        properties: Some(Properties(
            SECTIONS
                .iter()
                .map(|keys| (keys.key(), section(keys)))
                .collect(),
        )),
        ..table()
    };
    // Only maps with keys that are no strings, and failing `Serialize`s, cannot be written.
    let mut text = serde_json::to_string_pretty(&root).unwrap_or_default();
    text.push('\n');
    text
}

fn section(keys: &'static SectionKeys) -> Node {
    let required = keys.keys.iter().filter(|key| key.required);
    Node {
        description: Some(keys.about),
        required: required.map(|key| key.name).collect(),
        properties: Some(Properties(
            keys.keys.iter().map(|key| (key.name, value(key))).collect(),
        )),
        ..table()
    }
}

/// A table that has no other keys than those it names.
fn table() -> Node {
    Node {
        kind: "object",
        additional_properties: Some(Additional::None(false)),
        ..Node::default()
    }
}

fn value(key: &'static Key) -> Node {
    let node = match key.shape {
        Shape::Text => string(key.rule),
        Shape::Word(words) => Node {
            kind: "string",
            words: words(),
            default: (key.default)(),
            ..Node::default()
        },
        Shape::TextList => Node {
            kind: "array",
            items: Some(Box::new(string(key.rule))),
            ..Node::default()
        },
        Shape::TextTable => Node {
            kind: "object",
            additional_properties: Some(Additional::Values(Box::new(string(key.rule)))),
            ..Node::default()
        },
        Shape::Boolean => Node {
            kind: "boolean",
            default: (key.default)(),
            ..Node::default()
        },
        Shape::NumberOr(word) => Node {
            any_of: vec![
                Node {
                    kind: "integer",
                    minimum: Some(0),
                    maximum: Some(u32::MAX),
                    ..Node::default()
                },
                Node {
                    kind: "string",
                    words: vec![word],
                    ..Node::default()
                },
            ],
            ..Node::default()
        },
        Shape::WordOrTextList(words) => Node {
            any_of: vec![
                Node {
                    kind: "array",
                    items: Some(Box::new(string(key.rule))),
                    ..Node::default()
                },
                Node {
                    kind: "string",
                    words: words.to_vec(),
                    ..Node::default()
                },
            ],
            ..Node::default()
        },
        Shape::Section(keys) => section(keys),
    };
    Node {
        description: Some(key.about),
        examples: example(key).into_iter().collect(),
        ..node
    }
}

fn string(rule: Rule) -> Node {
    let node = Node {
        kind: "string",
        ..Node::default()
    };
    match rule {
        Rule::Any => node,
        Rule::Pattern(pattern) => Node {
            pattern: Some(pattern),
            ..node
        },
        Rule::MaxLength(length) => Node {
            max_length: Some(length),
            ..node
        },
    }
}

/// The value in the example of a key.
fn example(key: &Key) -> Option<Value> {
    let mut line: serde_json::Map<String, Value> = toml::from_str(key.example).ok()?;
    line.remove(key.name)
}

/// One place in a schema. The fields are in the order in which they are written.
#[derive(Debug, Default, serde::Serialize)]
struct Node {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    schema: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
    #[serde(rename = "type", skip_serializing_if = "str::is_empty")]
    kind: &'static str,
    #[serde(rename = "anyOf", skip_serializing_if = "Vec::is_empty")]
    any_of: Vec<Self>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<u32>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    words: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
    #[serde(rename = "maxLength", skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties>,
    #[serde(
        rename = "additionalProperties",
        skip_serializing_if = "Option::is_none"
    )]
    additional_properties: Option<Additional>,
}

/// What a table may have besides the keys it names.
#[derive(Debug, serde::Serialize)]
#[serde(untagged)]
enum Additional {
    None(bool),
    Values(Box<Node>),
}

/// The keys of a table, in the order of the manifest.
#[derive(Debug)]
struct Properties(Vec<(&'static str, Node)>);

impl Serialize for Properties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, node)| (name, node)))
    }
}
