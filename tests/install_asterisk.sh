#!/usr/bin/env bash
# Asterisk 22 for tests: packages of a newer Debian suite, unpacked in a folder. No root, no package database, nothing installed.
# Quick when it is there already. SUITE, MIRROR and KEYRING may be given; so may the folder (TELESALES_ASTERISK).
set -euo pipefail
suite=${SUITE:-forky}
dest=${TELESALES_ASTERISK:-${XDG_CACHE_HOME:-$HOME/.cache}/telesales/asterisk}
[ -e "$dest/ready" ] && exit 0
fail() { echo "Asterisk was not brought in: $1. Tests of real calls are skipped." >&2; exit 1; }
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || fail "this needs apt-get and dpkg-deb (Debian or Ubuntu)"
keyring=${KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
[ -e "$keyring" ] || fail "the keys of Debian are missing (apt-get install debian-archive-keyring)"
sources=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true)
mirror=${MIRROR:-$(sed -nE 's#^(URIs:|deb( \[[^]]*\])?) *(https?://[^ ]*/debian)/?( .*)?$#\3#p' <<<"$sources" | head -n 1)}
mirror=${mirror:-http://deb.debian.org/debian}
arch=$(dpkg --print-architecture)

mkdir -p "$(dirname "$dest")"
exec 9>"$dest.lock"; flock 9
[ -e "$dest/ready" ] && exit 0
work=$(mktemp -d "$dest.XXXXXX"); trap 'rm -rf "$work"' EXIT
apt=$work/apt; root=$work/root
mkdir -p "$apt"/{state/lists/partial,cache/archives/partial,etc,deb} "$root"
: >"$apt/status"
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/etc/sources.list"
cat >"$apt/apt.conf" <<CONF
Dir "$apt";
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/etc/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::trusted "/dev/null";
Dir::Etc::trustedparts "/etc/apt/trusted.gpg.d";
APT::Architecture "$arch";
APT::Architectures "$arch";
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
export APT_CONFIG=$apt/apt.conf
# A mirror that is a snapshot has an index past its date: still signed, good enough for tests.
apt-get -qq update 2>"$work/told" || apt-get -qq -o Acquire::Check-Valid-Until=false update || fail "the index of $mirror could not be read"
apt-get -qq -s install asterisk | awk '$1 == "Inst" { print $2 }' | sort -u >"$apt/all"
grep -qx asterisk "$apt/all" || fail "$suite has no package asterisk for $arch"

# What is only needed to install, or by modules that are not loaded, stays away: 31 MB instead of 79.
away='asterisk-config|asterisk-core-sounds.*|perl.*|libperl.*|gnupg.*|gpg.*|dirmngr|pinentry.*|libksba8|libnpth0.*|libassuan.*|adduser|passwd|debconf|dpkg|tar|login.*|lib(pam|audit|semanage|sepol|gdbm).*|init-system-helpers|sysvinit.*|util-linux|coreutils.*|bash|dash|sed|grep|.*-data|libc-l10n|readline-common|libsensors.*|libsnmp.*|libpci3|pci.ids|libdb5.*|libpq5|libsybdb5|freetds-common|libicu.*|libodbc2|libltdl7|libjack.*|libportaudio2|libasound.*|libgmime.*|libgpgme.*|libglib2.*|libical.*|libneon.*|libiksemel3|libradcli4|liblua.*|libtiff.*|libjpeg.*|libwebp.*|libsharp.*|libdeflate0|liblerc4|libjbig0|libspandsp.*|libvo-.*|libopencore.*|libcodec2.*|libunbound8|libevent.*|libresample1|libvorbis.*|libwrap0|libnl-.*'
grep -vxE "$away" "$apt/all" >"$apt/lean"

unpack() { # the packages of a list
  rm -rf "$apt/deb" "$root"; mkdir -p "$apt/deb" "$root"
  (cd "$apt/deb" && xargs apt-get -qq download <"$1") || fail "the packages could not be downloaded"
  for package in "$apt"/deb/*.deb; do dpkg-deb -x "$package" "$root"; done
}
complete() { # every module that the floor loads finds all its libraries in the folder, none on this machine
  local loader modules library missing=0
  loader=$(find "$root/usr/lib64" "$root/usr/lib" -maxdepth 2 -name 'ld-linux*.so.*' 2>/dev/null | head -n 1)
  modules=$(dirname "$(find "$root/usr/lib" -name res_ari.so)"); library=$(dirname "$(dirname "$modules")")
  for module in $(sed -nE 's/^ +"([a-z0-9_]+)",$/\1.so/p' "$(dirname "$0")/../dialer/carriers/asterisk/config/modules.py"); do
    [ -e "$modules/$module" ] || { echo "$suite has no $module" >&2; missing=1; continue; }
    "$loader" --library-path "$library" --list "$modules/$module" 2>&1 | grep -v linux-vdso | grep -vF "$root" >"$work/strange" || continue
    grep -v 'statically linked' "$work/strange" && missing=1
  done
  return $missing
}
unpack "$apt/lean"
complete >"$work/why" || { echo "Some libraries are new in $suite: taking every package"; unpack "$apt/all"; }
rm -rf "$apt"
rm -rf "$root"/usr/share/{doc,man,locale,zoneinfo}
rm -rf "$dest"; mkdir -p "$dest"; mv "$root" "$dest/root"; : >"$dest/ready"
echo "Asterisk is in $dest ($(du -sm "$dest" | cut -f1) MB)."
