/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-guest-rate.h"

#define WINDOW (PF_GUEST_RATE_SECONDS * G_TIME_SPAN_SECOND)

/**
 * pf_guest_rate_let_in:
 * @rate: a rate
 * @now: monotonic time in microseconds, never less than before
 *
 * Lets at most %PF_GUEST_RATE_COUNT in within %PF_GUEST_RATE_SECONDS. Those that are turned away do not
 * count, so that whoever has stopped making noise is heard again.
 *
 * Returns: whether this one comes in
 */
gboolean
pf_guest_rate_let_in (PfGuestRate *rate, gint64 now)
{
  if (rate->n_times < PF_GUEST_RATE_COUNT)
    {
      rate->times[rate->n_times++] = now;
      return TRUE;
    }
  if (now - rate->times[rate->oldest] < WINDOW)
    return FALSE;
  rate->times[rate->oldest] = now;
  rate->oldest = (rate->oldest + 1) % PF_GUEST_RATE_COUNT;
  return TRUE;
}

/**
 * pf_guest_rate_is_fresh:
 * @rate: a rate
 * @now: monotonic time in microseconds
 *
 * Returns: whether it lets as many in as a new one would, so that it need not be remembered
 */
gboolean
pf_guest_rate_is_fresh (const PfGuestRate *rate, gint64 now)
{
  for (guint i = 0; i < rate->n_times; i++)
    if (now - rate->times[i] < WINDOW)
      return FALSE;
  return TRUE;
}
