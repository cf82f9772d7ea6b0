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
 * Shows the configuration that a virtual machine needs for a profile, to be copied: arguments for QEMU, XML
 * for libvirt. The window changes nothing.
 */
GtkWidget *pf_vm_window_new (GtkApplication *application, PfClient *client);

G_END_DECLS
