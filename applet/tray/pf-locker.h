/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-tray.h"

G_BEGIN_DECLS

#define PF_TYPE_LOCKER (pf_locker_get_type ())
G_DECLARE_FINAL_TYPE (PfLocker, pf_locker, PF, LOCKER, GObject)

/**
 * PfLocker:
 *
 * Locks our session after a switch that has taken a keyboard or pointer away, where the profile says so: as
 * soon as the switch is there to stay. One that waits to be kept has to be kept first, for which the screen
 * is needed.
 */
PfLocker *pf_locker_new (GApplication *application, PfTray *tray);

G_END_DECLS
