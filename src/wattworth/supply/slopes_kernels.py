"""Compiled passes over the hours: what content is worth backward, the path forward, prices, a cut, a merit order."""

from __future__ import annotations

import numpy as np

from wattworth.compute.kernels import inlined, kernel

# Offers come as their prices, their most for a size of one, their order from the cheapest up, their sizes, and the
# length of each hour; the store as a row of floats. Small functions are compiled into the loop: a call costs more than
# their work.
_POWER, _ENERGY, _IN, _OUT, _START, _BURNS, _PER_IN, _PER_OUT = range(8)
_VALUE, _LENGTH, _REACH = range(3)
_CLOSE = 1e-10
_LAST_RESORT = -1e-300  # worth nought, and taken after all else that is
_ROOM = 256


@kernel
def merit_order(price):
    """Offers of each hour from the cheapest up, the first of equal ones first, shape (hour, offer)."""
    n_hour, n = price.shape
    order = np.empty((n_hour, n), dtype=np.int64)
    row = np.arange(n)
    for t in range(n_hour):
        for i in range(1, n):
            here = row[i]
            j = i
            while j > 0:
                other = row[j - 1]
                if price[t, other] < price[t, here] or (price[t, other] == price[t, here] and other < here):
                    break
                row[j] = other
                j -= 1
            row[j] = here
        order[t] = row
    return order


@inlined
def _steps(hour, price, made, order, size, store, steps):
    """Value of withdrawn energy in one hour, step by step from the fullest charging on; returns their number.

    Net exchange is told in stored energy: charging loses on the way in, discharging on the way out. Below a price of
    nought the store earns by losing, so the same step is taken the other way round.

    ``hour`` is its number, its load, its net output when sinks take their most and everything runs, and its length.
    """
    t, load, top, span = hour
    most, least = load + store[_POWER], load - store[_POWER]
    n = 0
    for k in range(size.size - 1, -1, -1):
        place = order[t, k]
        c = price[t, place]
        bottom = top - made[t, place] * size[place]
        high, low = min(top, most), max(bottom, least)
        charged, drawn = high - max(low, load), min(high, load) - low
        if charged > 0.0:
            steps[t, n, _VALUE] = c * (store[_PER_IN] if c >= 0.0 else store[_OUT])
            steps[t, n, _LENGTH] = span * charged * (store[_IN] if c >= 0.0 else store[_PER_OUT])
            n += 1
        if drawn > 0.0:
            steps[t, n, _VALUE] = c * (store[_OUT] if c >= 0.0 else store[_PER_IN])
            steps[t, n, _LENGTH] = span * drawn * (store[_PER_OUT] if c >= 0.0 else store[_IN])
            n += 1
        top = bottom
    return n


@kernel
def _with_burning(hour, n, turn, store, steps):
    """Add, before the first step worth less than nought, what charging and discharging at once can lose.

    ``hour`` is its number and its length, ``turn`` the net output less the load when only what costs less than nought
    runs; returns the number of steps.
    """
    t, span = hour
    width = span * (store[_PER_OUT] - store[_IN]) * (store[_POWER] - abs(turn))
    if width <= 0.0:
        return n
    k = n
    while k > 0 and steps[t, k - 1, _VALUE] < 0.0:
        steps[t, k, _VALUE], steps[t, k, _LENGTH] = steps[t, k - 1, _VALUE], steps[t, k - 1, _LENGTH]
        k -= 1
    steps[t, k, _VALUE], steps[t, k, _LENGTH] = _LAST_RESORT, width
    return n + 1


@inlined
def _fold(content, place, sizes, drawn, ends, steps, t):
    """Merge the hour's steps into the value of content after it, dearest first, and keep what the store can hold.

    Of equal worth, what charges less comes before content and what discharges more after it, so that the store does
    not move without a gain.

    ``content`` holds two lists of values and lengths: the one at ``place`` is read, the other written. ``sizes`` are
    the numbers of segments and of steps, ``drawn`` the first withdrawal, ``ends`` what is cut off at the dear end and
    what is kept. Notes for each step how much content after the hour is worth more than it; returns the number of
    segments.
    """
    n, n_step = sizes
    cut, room = ends
    other = 2 - place
    i = k = n_new = 0
    passed = 0.0
    last = np.inf
    while room > 0.0 and (i < n or k < n_step):
        is_content = k == n_step
        if i < n and not is_content:
            ahead = content[place, i] - steps[t, k, _VALUE]
            is_content = ahead > 0.0 or (ahead == 0.0 and drawn >= 0.0)
        if is_content:
            v, width = content[place, i], content[place + 1, i]
            passed += width
            i += 1
        else:
            v, width = steps[t, k, _VALUE], steps[t, k, _LENGTH]
            steps[t, k, _REACH] = passed
            drawn += width
            k += 1
        if cut >= width:
            cut -= width
            continue
        width = min(width - cut, room)
        cut = 0.0
        room -= width
        if v == last:
            content[other + 1, n_new - 1] += width
        else:
            content[other, n_new] = last = v
            content[other + 1, n_new] = width
            n_new += 1
    while k < n_step:
        steps[t, k, _REACH] = np.inf
        k += 1
    return n_new


@kernel
def blank_policy(n_hour, n_offer):
    """Room for what :func:`look_back` leaves behind in each hour.

    Value, length and reach of each step, shape (hour, offer + 2, 3); number of steps, first withdrawal and least
    content after the hour, shape (hour,).
    """
    steps = np.empty((n_hour, n_offer + 2, 3))
    return steps, np.empty(n_hour, dtype=np.int64), np.empty(n_hour), np.empty(n_hour)


@kernel
def look_back(load, offers, floor, store, policy):
    """From the last hour to the first: the steps of each hour and where they stand in the value of content.

    Fills the policy and returns the number of segments visited.
    """
    bottom = store[_START] * store[_ENERGY]
    content = np.empty((4, _ROOM))
    content[0, 0], content[1, 0] = 0.0, store[_ENERGY] - bottom
    n = 1 if store[_ENERGY] > bottom else 0
    state = load.size, n, 0, bottom, 0
    while True:
        state = _look_back_while_room(state, content, load, offers, floor, store, policy)
        t, n, _, _, visited = state
        if t == 0:
            return visited
        longer = np.empty((4, 2 * content.shape[1]))
        longer[:, :n] = content[:, :n]
        content = longer


@kernel
def _look_back_while_room(state, content, load, offers, floor, store, policy):
    """Go back hour by hour until the first, or until there is no room for more segments; where it stands then.

    ``state`` is the hour after, the number of segments, the place of their list, the least content and the work done.
    """
    t, n, place, bottom, visited = state
    price, made, order, size, span = offers
    steps, count, first, least = policy
    room = content.shape[1] - steps.shape[1]
    energy = store[_ENERGY]
    while t > 0 and n <= room:
        t -= 1
        top = turn = floor[t]
        for k in range(size.size):
            top += made[t, k] * size[k]
            turn += made[t, k] * size[k] if price[t, k] < 0.0 else 0.0
        drawn = -span[t] * store[_IN] * max(0.0, min(top, load[t] + store[_POWER]) - load[t])
        n_step = _steps((t, load[t], top, span[t]), price, made, order, size, store, steps)
        if store[_BURNS] > 0.0:
            n_step = _with_burning((t, span[t]), n_step, turn - load[t], store, steps)
        count[t], first[t], least[t] = n_step, drawn, bottom
        low = bottom + drawn
        bottom = max(0.0, low)
        visited += n + n_step
        n = _fold(content, place, (n, n_step), drawn, (max(0.0, -low), energy - bottom), steps, t)
        place = 2 - place
    return t, n, place, bottom, visited


@kernel
def follow(policy, store):
    """Content before each hour and after the last, shape (hour + 1,), along the least-cost path. [MWh]"""
    steps, count, first, least = policy
    content = np.empty(count.size + 1)
    content[0] = here = store[_START] * store[_ENERGY]
    for t in range(count.size):
        drawn = first[t]
        after = here - drawn
        for k in range(count[t]):
            bend = least[t] + steps[t, k, _REACH]
            if after <= bend:
                break
            if here - bend <= drawn + steps[t, k, _LENGTH]:
                after = bend
                break
            drawn += steps[t, k, _LENGTH]
            after = here - drawn
        content[t + 1] = here = min(max(after, 0.0), store[_ENERGY])
    return content


@kernel
def _span(t, n_step, steps, end, drawn, slack):
    """Lowest and highest price of stored energy at which an hour withdraws what it does.

    ``end`` is the first withdrawal; between two steps every price between theirs will do.
    """
    low, high = -np.inf, np.inf
    for k in range(n_step):
        if drawn > end + slack:
            high = steps[t, k, _VALUE]
        end += steps[t, k, _LENGTH]
        if drawn < end - slack:
            low = steps[t, k, _VALUE]
            break
    return low, high


@kernel
def stored_prices(policy, content, store):
    """A price of stored energy for each hour, shape (hour,), that moves only when the store is full or empty. [USD/MWh]

    Backward, the prices that suit an hour and all after it; forward, of those the nearest to the hour before.
    """
    steps, count, first, _ = policy
    n_hour = content.size - 1
    slack = _CLOSE * (store[_ENERGY] + store[_POWER])
    full = store[_ENERGY] - slack
    low, high = np.empty(n_hour), np.empty(n_hour)
    least = -np.inf if content[n_hour] >= full else 0.0
    most = np.inf if content[n_hour] <= store[_START] * store[_ENERGY] + slack else 0.0
    for t in range(n_hour - 1, -1, -1):
        own_low, own_high = _span(t, count[t], steps, first[t], content[t] - content[t + 1], slack)
        low[t] = min(max(own_low, least), own_high)
        high[t] = max(min(own_high, most), low[t])
        least = -np.inf if content[t] >= full else low[t]
        most = np.inf if content[t] <= slack else high[t]
    price = np.empty(n_hour)
    here = 0.0
    for t in range(n_hour):
        price[t] = here = min(max(here, low[t]), high[t])
    return price


@kernel
def bus_prices(load, offers, floor, store, stored):
    """The price of each hour at which offers, the store's two among them, meet the load, shape (hour,). [USD/MWh]"""
    price, made, order, size, _ = offers
    n = size.size
    power = store[_POWER]
    out = np.empty(load.size)
    for t in range(load.size):
        own = min(stored[t] * store[_IN], stored[t] / store[_OUT])
        other = max(stored[t] * store[_IN], stored[t] / store[_OUT])
        k, taken = 0, 0 if power > 0.0 else 2
        open_mw = load[t] - floor[t] + power
        here = 0.0
        while k < n or taken < 2:
            here = price[t, order[t, k]] if k < n else np.inf
            if taken < 2 and own <= here:
                here = own
                open_mw -= power
                own = other
                taken += 1
            else:
                open_mw -= made[t, order[t, k]] * size[order[t, k]]
                k += 1
            if open_mw <= 0.0:
                break
        out[t] = here
    return out


@kernel
def cut(load, offers, n_source, store, stored, bus):
    """What any design costs to run at least, given any prices: a constant, and a slope for each capacity.

    Slopes of the sources, of the store's power and its energy.
    """
    price, made, _, _, span = offers
    n_offer = price.shape[1]
    slope = np.zeros(n_source + 2)
    constant = 0.0
    for t in range(load.size):
        constant += span[t] * load[t] * min(bus[t], price[t, n_offer - 1])
        for k in range(n_source):
            slope[k] += span[t] * made[t, k] * min(0.0, price[t, k] - bus[t])
        for k in range(n_source, n_offer - 1):
            constant += span[t] * made[t, k] * min(0.0, bus[t] - price[t, k])
        margin = min(0.0, bus[t] - store[_IN] * stored[t]) + min(0.0, stored[t] / store[_OUT] - bus[t])
        slope[n_source] += span[t] * margin
        if t > 0:
            slope[n_source + 1] += min(0.0, stored[t - 1] - stored[t])
    last = stored[load.size - 1]
    slope[n_source + 1] += (store[_START] if last > 0.0 else 1.0) * last - store[_START] * stored[0]
    return constant, slope


@kernel
def _flows(turn, load, change, store):
    """Charging and discharging that change the content so, losing energy at once only while that is worth it."""
    into, out = store[_IN], store[_OUT]
    charge, discharge = max(0.0, change) / into, max(0.0, -change) * out
    loss = 1.0 - into * out
    short = turn - (load + charge - discharge)
    if short > 0.0 and loss > 0.0:
        both = min(short / loss, store[_POWER] - charge, (store[_POWER] - discharge) / (into * out))
        charge += max(0.0, both)
        discharge += max(0.0, both) * into * out
    return charge, discharge


@kernel
def run(load, offers, floor, store, content):
    """Output of every offer, shape (hour, offer), charging and discharging, shape (hour,) each, and the cost. [USD]"""
    price, made, order, size, span = offers
    n_hour, n = made.shape
    used, charge, discharge = np.zeros((n_hour, n)), np.empty(n_hour), np.empty(n_hour)
    cost = 0.0
    for t in range(n_hour):
        turn = floor[t]
        for k in range(n):
            if price[t, k] < 0.0:
                turn += made[t, k] * size[k]
        turn = turn if store[_BURNS] > 0.0 else -np.inf
        charge[t], discharge[t] = _flows(turn, load[t], (content[t + 1] - content[t]) / span[t], store)
        open_mw = load[t] + charge[t] - discharge[t] - floor[t]
        for k in range(n):
            place = order[t, k]
            used[t, place] = min(open_mw, made[t, place] * size[place])
            open_mw -= used[t, place]
            cost += span[t] * price[t, place] * used[t, place]
            if open_mw <= 0.0:
                break
    return (used, charge, discharge), cost
