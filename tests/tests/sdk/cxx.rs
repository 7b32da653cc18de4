//! C++ without exceptions: the standard library's containers, constructors before `main`, virtual functions.

use eryx_tests::{eryx_run, project::Project, sdk::sdk, wheels::Wheel};
use std::fs;

const MODULE: &str = r#"
#include <Python.h>
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

struct Rule {
    virtual ~Rule() = default;
    virtual bool keeps(const std::string &word) const = 0;
};
struct Longer final : Rule {
    explicit Longer(std::size_t length) : length(length) {}
    bool keeps(const std::string &word) const override { return word.size() > length; }
    std::size_t length;
};

// Made before anything is called.
std::vector<std::unique_ptr<Rule>> rules = [] {
    std::vector<std::unique_ptr<Rule>> rules;
    rules.push_back(std::make_unique<Longer>(2));
    return rules;
}();
const std::string separator = std::string(1, ',') + " ";

PyObject *words(PyObject *, PyObject *text) {
    Py_ssize_t length = 0;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &length);
    if (!bytes) {
        return nullptr;
    }
    std::unordered_map<std::string, int> counts;
    std::string word;
    std::function<void()> finish = [&] {
        if (std::all_of(rules.begin(), rules.end(), [&](auto &rule) { return rule->keeps(word); })) {
            counts[word]++;
        }
        word.clear();
    };
    for (Py_ssize_t at = 0; at < length; at++) {
        if (bytes[at] == ' ') {
            finish();
        } else {
            word += bytes[at];
        }
    }
    finish();
    std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
    std::sort(sorted.begin(), sorted.end());
    std::string all;
    for (auto &[word, count] : sorted) {
        all += (all.empty() ? "" : separator) + word + "=" + std::to_string(count);
    }
    return PyUnicode_FromStringAndSize(all.data(), static_cast<Py_ssize_t>(all.size()));
}

PyMethodDef methods[] = {{"words", words, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
PyModuleDef module = {PyModuleDef_HEAD_INIT, "counting", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};

}

PyMODINIT_FUNC PyInit_counting(void) { return PyModule_Create(&module); }
"#;

/// What libc++ made at the start is baked, and its code is one module with all other.
#[test]
fn the_standard_library_is_fused_and_works() {
    let name = "counting.cpython-314-wasm32-wasi.so";
    let manifest = "[packages]\nwheels = [\"wheels/*.whl\"]\n[preinit]\nimports = [\"counting\"]\n";
    let project = Project::sample(manifest).file("counting.cpp", MODULE);
    let output = sdk(["c++", "--", "-std=c++20", "-O2", "-fno-exceptions"])
        .args(["-shared", "counting.cpp", "-o", name])
        .folder(project.folder())
        .run();
    assert_eq!(output.ok(), "");
    let library = fs::read(project.path(name)).expect("a library is there");
    let wheel = Wheel::new("counting")
        .tag("cp314-cp314-wasi_wasm32")
        .file(name, library);
    let project = project.wheel(&wheel);
    project.bake_fused();
    let source = "import counting; print(counting.words('one two of one ' + 'x' * 5000)[:20])";
    let output = eryx_run(&project.image()).args(["-c", source]).run();
    assert_eq!(output.ok(), "one=2, two=1, xxxxxx\n");
}
