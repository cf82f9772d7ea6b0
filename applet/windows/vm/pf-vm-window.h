/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"

G_BEGIN_DECLS

#define PF_TYPE_VM_WINDOW (pf_vm_window_get_type ())
G_DECLARE_FINAL_TYPE (PfVmWindow, pf_vm_window, PF, VM_WINDOW, GtkApplicationWindow)

/**
 * PfVmWindow:
 *
 * What a virtual machine has to be told of a profile, to copy: arguments for QEMU, XML for libvirt. It
 * changes nothing.
 */
GtkWidget *pf_vm_window_new (GtkApplication *application, PfClient *client);

G_END_DECLS
