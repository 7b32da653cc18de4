//! The schema for editors. That it is valid, and of one mind with the reader, is tested from outside.

use super::*;

#[test]
fn the_committed_schema_is_current() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/src/reference/eryx.schema.json");
    if std::env::var_os("ERYX_UPDATE").is_some() {
        fs::write(&path, schema()).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == schema(),
        "run this test with ERYX_UPDATE=1, and commit {}",
        path.display()
    );
}

#[test]
fn the_schema_says_what_the_tables_say() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    for section in with_inner(SECTIONS) {
        let pointer: String = section
            .name
            .split('.')
            .map(|name| format!("/properties/{name}"))
            .collect();
        let described = schema.pointer(&pointer).unwrap();
        assert_eq!(described["additionalProperties"], false);
        let properties = described["properties"].as_object().unwrap();
        assert_eq!(properties.len(), section.keys.len());
        for key in section.keys {
            assert_eq!(properties[key.name]["description"], key.about);
            assert!(properties[key.name]["examples"][0] != serde_json::Value::Null);
        }
    }
    assert_eq!(schema["required"], serde_json::json!(["image"]));
    let cpu = &schema["properties"]["compile"]["properties"]["cpu"];
    assert_eq!(cpu["enum"], serde_json::json!(["portable", "native"]));
    assert_eq!(cpu["default"], "portable");
}
