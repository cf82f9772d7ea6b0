/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PF_GUEST_RATE_COUNT 10
#define PF_GUEST_RATE_SECONDS 10

/**
 * PfGuestRate:
 *
 * When a virtual machine was last let in; all zero at the beginning.
 */
typedef struct
{
  gint64 times[PF_GUEST_RATE_COUNT]; /* monotonic time, us; a ring */
  guint n_times;
  guint oldest;
} PfGuestRate;

gboolean pf_guest_rate_let_in (PfGuestRate *rate, gint64 now);
gboolean pf_guest_rate_is_fresh (const PfGuestRate *rate, gint64 now);

G_END_DECLS
