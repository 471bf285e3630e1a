"""CPU time that the host gave to other guests while this one wanted it (proc(5), /proc/stat, `steal`).

Where that is much, the caches are somebody else's half of the time: CPU seconds rise with it, wall times more. Only figures
of the same run, at best of the same workload, can be compared then.
"""

WORTH_SAYING = 0.02  # of the time; less than that no figure shows


def ticks():
    """Stolen and all ticks since the machine began."""
    with open("/proc/stat", encoding="ascii") as stat:
        fields = [int(field) for field in stat.readline().split()[1:9]]
    return fields[7], sum(fields)


def share(before, after):
    """Of all the time that passed between the two, from 0 to 1."""
    stolen, all_ticks = (b - a for a, b in zip(before, after))
    return stolen / all_ticks if all_ticks > 0 else 0.0
