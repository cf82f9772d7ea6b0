/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"

G_BEGIN_DECLS

/* How long a front end lets a switch wait for a virtual machine, in each direction. Plugging takes a second or two. */
#define PF_ATTENDANT_SECONDS 30

#define PF_TYPE_ATTENDANT (pf_attendant_get_type ())
G_DECLARE_FINAL_TYPE (PfAttendant, pf_attendant, PF, ATTENDANT, GObject)

/**
 * PfAttendant:
 *
 * Plugs controllers into virtual machines, and out of them, when the helper wants it: as the user whose program it is. There
 * may be several, for none minds that another one has done it.
 *
 * Signals:
 *  - `attached` (PfAttendant *, const char *profile_id, const char *const *controllers): they are in the machine that the
 * profile names.
 *  - `detached` (PfAttendant *, const char *profile_id, const char *const *controllers): they are in it no longer.
 *  - `failed` (PfAttendant *, const char *profile_id, gboolean attaching, const GError *error): they could not be. While a
 * switch waits for an attachment, it is tried again, and this is emitted for the first failure only.
 *  - `rested` (PfAttendant *): it is busy no longer.
 */
PfAttendant *pf_attendant_new (PfClient *client);
gboolean pf_attendant_is_busy (PfAttendant *attendant);
const GError *pf_attendant_get_failure (PfAttendant *attendant);

G_END_DECLS
