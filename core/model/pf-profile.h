/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-port-map.h"

G_BEGIN_DECLS

#define PF_PROFILE_HOME "home"
#define PF_PROFILE_MAX_ID 64        /* bytes */
#define PF_PROFILE_MAX_LABEL 64     /* characters */
#define PF_PROFILE_MAX_CONTROLLERS 64
#define PF_PROFILE_MAX_SIZE 65536 /* bytes of a file */
#define PF_PROFILE_MAX_QMP 107    /* bytes: what a Unix socket's address has room for, unix(7) */
#define PF_PROFILE_MAX_DOMAIN 128 /* characters */
#define PF_PROFILE_MAX_URI 128    /* bytes */

typedef enum
{
  PF_SIDE_AUTO,
  PF_SIDE_EHCI,
  PF_SIDE_XHCI,
} PfSide;

/* Whether a switch that moves a keyboard or pointer goes back by itself unless somebody confirms it. */
typedef enum
{
  PF_CONFIRM_FIRST, /* until the profile, as it reads, was confirmed once on this board */
  PF_CONFIRM_ALWAYS,
  PF_CONFIRM_NEVER,
} PfConfirm;

/* What is done when the last process that holds what is lent goes away. */
typedef enum
{
  PF_ON_VM_EXIT_AUTO, /* home when a keyboard or pointer is lent, else keep */
  PF_ON_VM_EXIT_HOME,
  PF_ON_VM_EXIT_KEEP,
  PF_ON_VM_EXIT_PREVIOUS,
} PfOnVmExit;

#define PF_CONFIRM_MIN_SECONDS 5
#define PF_CONFIRM_MAX_SECONDS 120
#define PF_CONFIRM_DEFAULT_SECONDS 15

/**
 * PfDeviceKey:
 * @address: the PCI address when the profile was made
 * @path: (nullable): where it sits, see PfFunction
 * @vendor: PCI vendor ID; 0 in a file written by hand without it
 * @device: PCI device ID
 * @removable: it could be unplugged when the profile was made, so that one that is away is no other machine
 *
 * How a profile names a controller, so that a new card that renumbers the buses neither breaks nor misdirects it.
 */
typedef struct
{
  char *address;
  char *path;
  guint16 vendor;
  guint16 device;
  gboolean removable;
} PfDeviceKey;

/**
 * PfProfile:
 * @id: name of its file without ".profile"
 * @label: what people call it
 * @icon: (nullable): a themed icon's name
 * @controllers: (element-type PfDeviceKey): what belongs to the guest
 * @router: (nullable): the router that @ports are of; NULL for the board's only one
 * @ports: the ports that belong to the guest
 * @side: where they go
 * @vfio_user: (nullable): who gets the group's node; NULL for the caller
 * @vfio_group: (nullable): a group that may use it as well
 * @qmp: (nullable): the QMP socket of the virtual machine that its controllers are for
 * @libvirt_domain: (nullable): or its name with libvirt
 * @libvirt_uri: (nullable): where libvirt has it; NULL for "qemu:///system"
 * @confirm: whether a switch to it waits for confirmation
 * @confirm_seconds: how long
 * @on_vm_exit: what is done when the VM goes away
 * @super_speed_off: switch off the SuperSpeed half of ports that it gives to an EHCI
 * @guest_may_switch: a virtual machine may ask for it through its serial port
 * @lock_on_switch: for the applet: lock the screen when a switch to it takes a keyboard or pointer from the host
 *
 * A named wish: which controllers and which ports belong to the guest. Everything else belongs to the host.
 */
typedef struct
{
  char *id;
  char *label;
  char *icon;
  GPtrArray *controllers;
  PfDeviceKey *router;
  PfPortSet ports;
  PfSide side;
  char *vfio_user;
  char *vfio_group;
  char *qmp;
  char *libvirt_domain;
  char *libvirt_uri;
  PfConfirm confirm;
  guint confirm_seconds;
  PfOnVmExit on_vm_exit;
  gboolean super_speed_off;
  gboolean guest_may_switch;
  gboolean lock_on_switch;
} PfProfile;

PfProfile *pf_profile_new (const char *id);
PfProfile *pf_profile_new_home (void);
PfProfile *pf_profile_copy (const PfProfile *profile);
void pf_profile_free (PfProfile *profile);
gboolean pf_profile_is_home (const PfProfile *profile);
gboolean pf_profile_id_is_valid (const char *id, GError **error);

gboolean pf_profile_set_label (PfProfile *profile, const char *label, GError **error);
gboolean pf_profile_set_icon (PfProfile *profile, const char *icon, GError **error);
gboolean pf_profile_set_controllers (PfProfile *profile, const PfBoard *board, const char *const *addresses, GError **error);
gboolean pf_profile_set_ports (PfProfile *profile, const PfBoard *board, const char *const *names, GError **error);
gboolean pf_profile_set_side (PfProfile *profile, const char *side, GError **error);
gboolean pf_profile_set_vfio_user (PfProfile *profile, const char *name, GError **error);
gboolean pf_profile_set_vfio_group (PfProfile *profile, const char *name, GError **error);
const char *pf_side_to_string (PfSide side);
gboolean pf_profile_set_qmp (PfProfile *profile, const char *qmp, GError **error);
gboolean pf_profile_set_libvirt_domain (PfProfile *profile, const char *domain, GError **error);
gboolean pf_profile_set_libvirt_uri (PfProfile *profile, const char *uri, GError **error);
gboolean pf_profile_check_vm (const PfProfile *profile, GError **error);
gboolean pf_profile_names_vm (const PfProfile *profile);
gboolean pf_profile_set_confirm (PfProfile *profile, const char *confirm, GError **error);
gboolean pf_profile_set_confirm_seconds (PfProfile *profile, guint64 seconds, GError **error);
gboolean pf_profile_set_on_vm_exit (PfProfile *profile, const char *on_vm_exit, GError **error);
const char *pf_confirm_to_string (PfConfirm confirm);
const char *pf_on_vm_exit_to_string (PfOnVmExit on_vm_exit);
gboolean pf_profile_check_guest (const PfProfile *profile, GError **error);
PfOnVmExit pf_on_vm_exit_decide (const PfProfile *profile, gboolean input_is_lent);

PfProfile *pf_profile_parse (const char *id, const char *data, gsize length, GError **error);
char *pf_profile_serialize (const PfProfile *profile, gsize *length);

PfDeviceKey *pf_device_key_new (const char *address);
void pf_device_key_free (PfDeviceKey *key);
PfController *pf_device_key_resolve (const PfDeviceKey *key, const PfProfile *profile, const PfBoard *board, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfProfile, pf_profile_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfDeviceKey, pf_device_key_free)

G_END_DECLS
