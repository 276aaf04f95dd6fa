fn main() { slint_build::compile("ui/main.slint").expect("compiling ui/main.slint"); }
