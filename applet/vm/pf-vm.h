/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-dbus.h"

G_BEGIN_DECLS

/**
 * PfVm:
 *
 * The virtual machine that a profile names, and how to talk to it: QEMU over a QMP socket, or libvirt.
 */
typedef struct _PfVm PfVm;

PfVm *pf_vm_new_for_profile (PfDBusProfile *profile);
PfVm *pf_vm_new_qmp (const char *path);
PfVm *pf_vm_new_libvirt (const char *uri, const char *domain);
void pf_vm_free (PfVm *vm);
const char *pf_vm_get_name (const PfVm *vm);

void pf_vm_attach_async (const PfVm *vm,
                         const char *const *controllers,
                         guint timeout_seconds,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
void pf_vm_detach_async (const PfVm *vm,
                         const char *const *controllers,
                         guint timeout_seconds,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean pf_vm_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfVm, pf_vm_free)

G_END_DECLS
