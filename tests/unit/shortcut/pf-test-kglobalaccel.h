/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PfTestKGlobalAccel:
 *
 * Plays KDE's kglobalaccel on the session bus: what is registered there, and which keys it has. An action
 * that was never registered cannot be given keys, and "kwin" has Meta+F11, as on the real one.
 */
typedef struct _PfTestKGlobalAccel PfTestKGlobalAccel;

PfTestKGlobalAccel *pf_test_kglobalaccel_new (void);
gint32 pf_test_kglobalaccel_get_key (PfTestKGlobalAccel *played, const char *component);
void pf_test_kglobalaccel_free (PfTestKGlobalAccel *played);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTestKGlobalAccel, pf_test_kglobalaccel_free)

G_END_DECLS
