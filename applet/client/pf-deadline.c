/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When something goes back by itself, as the helper says it: a number of 64 bits, of which anything may come over the bus. */

#include "pf-deadline.h"

/**
 * pf_deadline_clamp:
 * @deadline: CLOCK_REALTIME in microseconds, as read from the bus
 *
 * Returns: the same with a sign; what does not fit is as far away as can be
 */
gint64
pf_deadline_clamp (guint64 deadline)
{
  return (gint64) MIN (deadline, (guint64) G_MAXINT64);
}

/**
 * pf_deadline_get_seconds_left:
 * @deadline: CLOCK_REALTIME in microseconds, as read from the bus
 * @now: g_get_real_time()
 *
 * Returns: how long it is until then, a part of a second counted as one; 0 when it is over
 */
guint
pf_deadline_get_seconds_left (guint64 deadline, gint64 now)
{
  guint64 left;

  if (now < 0 || deadline <= (guint64) now)
    return 0;
  left = deadline - (guint64) now;
  return (guint) MIN (left / G_USEC_PER_SEC + (left % G_USEC_PER_SEC > 0), (guint64) G_MAXUINT);
}
