#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# portferry.sh: asks the host for the keyboard, from inside a virtual machine, through a serial port. For any POSIX
# shell; README.txt says how to set it up and how to bind it to a key.
set -u

default_port=${PORTFERRY_PORT:-/dev/ttyS0}
# A switch may wait for the host's kernel for as long as this, in seconds.
patience=${PORTFERRY_PATIENCE:-90}
cr=$(printf '\r')
lf='
'

usage ()
{
  cat <<END
Usage: portferry.sh [--port DEVICE] [--notify] COMMAND

  toggle      between the profile in force and the one before it
  home        everything back to the host
  switch ID   to that profile
  confirm     keep a switch that would go back by itself
  status      what is in force
  find        tells which serial port Portferry answers at

  --port DEVICE  the serial port (default: \$PORTFERRY_PORT or /dev/ttyS0)
  --notify       shows the answer on the desktop as well
END
}

# say TEXT: for people.
say ()
{
  printf '%s\n' "$1"
  if [ "$notify" = yes ] && command -v notify-send >/dev/null 2>&1; then
    notify-send --app-name=Portferry Portferry "$1" || :
  fi
}

fail ()
{
  say "$1" >&2
  exit 1
}

# The port as descriptor 3, without echo: the host must not hear its own answers.
open_port ()
{
  [ -c "$port" ] || fail "There is no serial port $port in this machine."
  if [ ! -r "$port" ] || [ ! -w "$port" ]; then
    fail "You may not use $port: become a member of the group that it belongs to ($(stat -c %G "$port"))."
  fi
  exec 3<>"$port" || fail "The serial port $port cannot be opened."
  set_wait 1
}

# set_wait TENTHS: how long a read waits for a byte before it gives up.
set_wait ()
{
  stty raw -echo -hupcl clocal min 0 time "$1" <&3 2>/dev/null || fail "$port is not a serial port."
}

# take_answer: takes the first whole line off "heard" that is an answer; the others are noise.
take_answer ()
{
  while :; do
    case $heard in
      *"$lf"*) ;;
      *) return 1 ;;
    esac
    answer=${heard%%"$lf"*} heard=${heard#*"$lf"}
    answer=${answer%"$cr"}
    case $answer in
      'ok '* | ok | 'error '*) return 0 ;;
    esac
  done
}

# hear SECONDS: puts the next answer in "answer". Each read waits for a second; not the shell's own read, which in some
# shells would wait for ever.
hear ()
{
  heard='' left=$1
  set_wait 10
  while [ "$left" -gt 0 ]; do
    part=$(dd bs=256 count=1 <&3 2>/dev/null | tr -d '\000'; printf x)
    part=${part%x}
    [ -n "$part" ] || left=$((left - 1))
    [ ${#heard} -lt 4096 ] || heard=''
    heard=$heard$part
    ! take_answer || return 0
  done
  return 1
}

# ask SECONDS REQUEST: an empty line first ends whatever the host may have of a line; what it answers to that, and what
# is left from before, is thrown away.
ask ()
{
  printf '\n' >&3
  set_wait 2
  cat <&3 >/dev/null
  printf '%s\n' "$2" >&3
  hear "$1"
}

# fact NAME: the value of NAME in "answer", or nothing.
fact ()
{
  for word in $answer; do
    case $word in
      "$1"=*) printf '%s' "${word#*=}" ;;
    esac
  done
}

# What an answer means, in a sentence.
describe ()
{
  case $answer in
    'error '*)
      rest=${answer#error }
      printf 'Not done: %s' "${rest#* }"
      return ;;
  esac
  profile=$(fact profile) seconds=$(fact seconds) left_behind=$(fact left)
  case $profile in
    '') printf 'Done.' ;;
    home) printf 'Everything is home.' ;;
    *) printf 'In force: %s.' "$profile" ;;
  esac
  [ -z "$seconds" ] || printf ' It goes back in %s seconds unless you confirm it.' "$seconds"
  [ -z "$left_behind" ] || printf ' %s come home when this machine lets go of them.' "$left_behind"
}

find_port ()
{
  for port in /dev/ttyS[0-9]*; do
    if [ ! -c "$port" ] || [ ! -r "$port" ] || [ ! -w "$port" ]; then
      continue
    fi
    # Ports without hardware behind them cannot be set up.
    { stty -a <"$port"; } >/dev/null 2>&1 || continue
    open_port
    if ask 2 status; then
      say "Portferry answers at $port."
      return 0
    fi
    exec 3>&-
  done
  fail "Portferry answers at no serial port of this machine that you may use."
}

port=$default_port notify=no
while [ $# -gt 0 ]; do
  case $1 in
    --port) [ $# -gt 1 ] || { usage >&2; exit 2; }
            port=$2; shift 2 ;;
    --notify) notify=yes; shift ;;
    --help) usage; exit 0 ;;
    -*) usage >&2; exit 2 ;;
    *) break ;;
  esac
done
case $#:${1:-} in
  1:toggle | 1:home | 1:confirm | 1:status) ;;
  2:switch)
    case $2 in
      '' | *[!a-z0-9_-]*) fail "That is not the ID of a profile: those have small letters, digits, - and _." ;;
    esac ;;
  1:find) find_port; exit ;;
  *) usage >&2; exit 2 ;;
esac

open_port
ask "$patience" "$*" || fail "The host does not answer at $port. Is portferry-guest.socket active there?"
say "$(describe)"
case $answer in
  'error '*) exit 1 ;;
esac
