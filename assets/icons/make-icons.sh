#!/bin/sh
# Makes crates/look/ui/icons.slint from icons.txt and the npm package @mdi/svg. Needs npm and python3.
# The result is checked in: run this only to add an icon.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm pack --silent '@mdi/svg@7.4.47' >/dev/null
tar -xzf mdi-svg-7.4.47.tgz
python3 "$here/make_icons.py" "$here/icons.txt" "$work/package/svg" >"$here/../../crates/look/ui/icons.slint"
