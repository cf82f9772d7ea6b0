/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PF_VM_CONFIG_SOCKET "/run/portferry/guest.sock"

char **pf_vm_config_get_qemu (const char *const *controllers, gboolean hot_plug);
char *pf_vm_config_get_libvirt (const char *const *controllers, gboolean hot_plug);
char *pf_vm_config_get_libvirt_device (const char *controller);
char *pf_vm_config_get_device_id (const char *controller);
char *pf_vm_config_get_port_id (const char *controller);

G_END_DECLS
