# SPDX-License-Identifier: Apache-2.0
# Reads the points that one `sdctl apply` passed (core/base/crash_point.h), sorted by time, and says
# how the time went. Set by -v: wall and cpu, microseconds of the whole process; mode:
#
#   phases    a table of what each phase waited for
#   answers   DEVICE ANSWERS, a line a device; logins apart
#   critical  round trips on the critical path
#   idle      idle time, microseconds
#
# The critical path is the longest chain of waits of which each had to end before the next began.
# A wait follows its device's own last one; and also any that a device began and ended in full
# while this one, ready since its own last wait or the beginning of the phase, was held back.
#
# Outstanding is a login, an answer, or a durable write of the store. While nothing is, the
# controller computes or is idle: idle is what of such a stretch is not its own CPU time. What
# comes before the first point and behind the last (loading, closing) is counted as well.

function begin(name) {
	phase = name
	if (!(name in first)) { order[++phases] = name; first[name] = $4 }
}

function ask(who,    other, ready) {
	if (!(who in asked)) busy++
	if (busy > most[phase]) most[phase] = busy
	ready = who in heard && heard[who] > first[phase] ? heard[who] : first[phase]
	for (other in heard)
		if (other != who && began[other] >= ready && depth[phase, other] > depth[phase, who])
			depth[phase, who] = depth[phase, other]
	asked[who] = $4
}

function hear(who) {
	began[who] = asked[who]
	heard[who] = $4
	if (who in asked) { delete asked[who]; busy-- }
	if (!((phase, who) in seen)) { seen[phase, who] = 1; there[phase]++ }
	if (++depth[phase, who] > deepest[phase]) deepest[phase] = depth[phase, who]
}

function positive(x) { return x > 0 ? x : 0 }

NR == 1 { start = $4; start_cpu = $5; begin("read") }
NR > 1 && !busy && !writing { idle += positive($4 - last - ($5 - last_cpu)) }
{ last = $4; last_cpu = $5 }
$2 == "phase" { begin($3) }
$2 == "connect" || $2 == "send" { ask($3) }
$2 == "up" || $2 == "receive" || $2 == "lost" { hear($3) }
$2 == "receive" { answers[$3]++ }
$2 == "journal" && $3 == "before" { writing++; writes[phase]++ }
$2 == "journal" && $3 == "after" { writing-- }
{ end[phase] = $4 }

function table(    i, p) {
	printf "    %-8s %8s %8s %12s %7s %8s\n", "phase", "devices", "at once", "round trips", \
		"writes", "ms"
	for (i = 1; i <= phases; i++) {
		p = order[i]
		if (there[p] + writes[p] > 0)
			printf "    %-8s %8d %8d %12d %7d %8.1f\n", p, there[p], most[p], \
				deepest[p], writes[p], (end[p] - first[p]) / 1000
	}
}

END {
	idle += positive(wall - (last - start) - (cpu - (last_cpu - start_cpu)))
	for (p in deepest) critical += deepest[p]
	if (mode == "phases") table()
	if (mode == "answers") for (d in answers) print d, answers[d]
	if (mode == "critical") print critical
	if (mode == "idle") printf "%.0f\n", idle
}
