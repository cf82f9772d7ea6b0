/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"
#include "pf-profile.h"
#include "pf-socket.h"

G_BEGIN_DECLS

/**
 * PfProfileDraft:
 * @id: (nullable): of the profile that is edited; NULL for a new one
 * @label: what people call it
 * @icon: a themed icon's name, or ""
 * @controllers: (element-type utf8): addresses of the controllers that were chosen
 * @ports: the ports that were chosen
 * @side: where they go
 * @vfio_user: who gets the group's node, or ""
 * @vfio_group: who may use it as well, or ""
 * @qmp: the QMP socket of the virtual machine that it is for, or ""
 * @libvirt_domain: or its name with libvirt, or ""
 * @libvirt_uri: where libvirt has it, or ""
 * @confirm: whether a switch waits for confirmation
 * @confirm_seconds: how long
 * @on_vm_exit: what is done when the VM goes away
 * @super_speed_off: switch off the SuperSpeed half of ports that go to an EHCI
 * @guest_may_switch: whether a virtual machine may ask for it
 * @lock_on_switch: whether the screen is locked when keyboard or pointer leave
 *
 * A profile while it is being written. No GTK, no D-Bus but values.
 */
typedef struct
{
  char *id;
  char *label;
  char *icon;
  GHashTable *controllers;
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
} PfProfileDraft;

PfProfileDraft *pf_profile_draft_new (void);
void pf_profile_draft_free (PfProfileDraft *draft);
PfProfileDraft *pf_profile_draft_new_from_bus (PfDBusProfile *profile);

gboolean pf_profile_draft_has_socket (const PfProfileDraft *draft, const PfSocket *socket);
void pf_profile_draft_set_socket (PfProfileDraft *draft,
                                  const PfSocket *socket,
                                  gboolean chosen,
                                  guint32 existing);
void pf_profile_draft_set_controller (PfProfileDraft *draft, const char *address, gboolean chosen);
gboolean pf_profile_draft_is_chosen (const PfProfileDraft *draft, const char *address);
char **pf_profile_draft_list_controllers (const PfProfileDraft *draft, GPtrArray *sockets);
gboolean pf_profile_draft_is_empty (const PfProfileDraft *draft);

GVariant *pf_profile_draft_to_settings (const PfProfileDraft *draft, GPtrArray *sockets);
char *pf_profile_draft_suggest_id (const PfProfileDraft *draft, const char *const *taken);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfProfileDraft, pf_profile_draft_free)

G_END_DECLS
