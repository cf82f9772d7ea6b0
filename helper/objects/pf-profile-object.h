/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-dbus.h"
#include "pf-guard.h"

G_BEGIN_DECLS

/**
 * PfProfileObject:
 *
 * A profile on the bus; also one whose file cannot be read, so that somebody sees why.
 */
typedef struct _PfProfileObject PfProfileObject;

PfProfileObject *pf_profile_object_new (PfGuard *guard, const PfServices *services, const char *id);
void pf_profile_object_free (PfProfileObject *object);
GDBusObjectSkeleton *pf_profile_object_get_skeleton (PfProfileObject *object);
void pf_profile_object_update (PfProfileObject *object, const PfStoreEntry *entry);

G_END_DECLS
