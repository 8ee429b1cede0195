#!/bin/sh
# What every job of the chaos test does: work.sh MODE. It leaves marks in $MARKS/marks, one line for
# each: KIND RUN ATTEMPT EPOCH UPTIME. A line is one write to a file opened for appending, so the
# order of the lines is the order in which things happened.
#
# The lock on file descriptor 9 is held by this shell and by whatever it starts, in a session of its
# own or not. The kernel frees it when the last of them is gone, so an attempt that finds it taken
# (`taken`) runs beside what an earlier one left behind.

mark() {
  read -r uptime _ </proc/uptime
  printf '%s %s %s %s %s\n' \
    "$1" "$MAINSPRING_RUN_ID" "$MAINSPRING_ATTEMPT" "$MAINSPRING_EPOCH" "$uptime" >>"$MARKS/marks"
}

exec 9>>"$MARKS/locks/$MAINSPRING_RUN_ID"
flock -n 9 || mark taken
mark begin
echo "begin $MAINSPRING_EPOCH"
case $1 in
  short) ;;
  middle) sleep 0.4 ;;
  long)
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      sleep 0.2
      mark work
    done
    ;;
  lasting)
    for _ in $(seq 1 40); do
      sleep 0.5
      mark work
    done
    ;;
  family)
    setsid sh -c 'sleep 300; true' >/dev/null 2>&1 &
    (sleep 300; true) >/dev/null 2>&1 &
    sleep 0.3
    ;;
  flaky)
    [ "$MAINSPRING_ATTEMPT" -ge 3 ] || exit 75
    ;;
  fails) exit 1 ;;
  chatty) seq 1 3000 ;;
  stubborn)
    trap '' TERM
    sleep 1
    ;;
esac
echo "end $MAINSPRING_EPOCH"
mark end
