#!/bin/sh
# demo.sh BUILD - what `make demo` shows: a counter that loses an update, how, the same once more, and the counter that
# does not. Fails unless all of that happens. Writes into BUILD/demo only.
set -u
build=$1
out=$build/demo

fail() {
	printf '\ndemo: %s\n' "$1" >&2
	exit 1
}

# Shows a command, carries it out and insists on its exit status. What it prints is kept in $out/printed.
step() {
	expected=$1
	shift
	printf '\n$ %s\n' "$*"
	"$@" >"$out/printed" 2>&1
	got=$?
	cat "$out/printed"
	[ "$got" -eq "$expected" ] || fail "exit status $got instead of $expected"
}

# Insists on what the last command printed.
printed() {
	grep -q -- "$1" "$out/printed" || fail "the line \"$1\" is missing above"
}

rm -rf "$out" && mkdir -p "$out" || fail "cannot make $out"

echo 'Two threads add one to a counter, without a lock. heddle tries their interleavings
one after the other, up to the first that fails.'
step 1 "$build/heddle" explore --strategy dfs --out "$out" "$build/scenarios/counter_unlocked" 1
printed '^heddle: assertion: '
set -- "$out"/counter_unlocked-*.trace
[ $# -eq 1 ] && [ -f "$1" ] || fail "no trace was written"
trace=$1

printf '\nThe schedule that did it. Read it downwards: each line is one event, each thread has
its column, `x → 0` reads and `x = 1` writes. Both threads read 0, so both write 1.\n'
step 0 "$build/heddle" show "$trace"
printed 'T1 work'

printf '\nThe same execution again, event by event, as often as you like.\n'
step 1 "$build/heddle" replay "$trace"
printed 'the same as in the trace'

printf '\nThe same counter with a lock around it, three increments in each thread: every
interleaving there is.\n'
step 0 "$build/heddle" explore --strategy dfs --out "$out" "$build/scenarios/counter_locked" 3
printed '^heddle: 20 executions of .* 0 distinct failures'
printed 'complete: every interleaving was executed'

rm "$out/printed"
cat <<END

Now your own program. Compile it with heddle-cc instead of cc, and search:

  $build/heddle-cc -g -pthread prog.c -o prog     (or: make CC=$PWD/$build/heddle-cc)
  $build/heddle explore ./prog
END
