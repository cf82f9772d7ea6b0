/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-profile-draft.h"

G_BEGIN_DECLS

#define PF_TYPE_VM_CHOICE (pf_vm_choice_get_type ())
G_DECLARE_FINAL_TYPE (PfVmChoice, pf_vm_choice, PF, VM_CHOICE, GtkBox)

/**
 * PfVmChoice:
 *
 * Asks which virtual machine gets the controllers of a profile: none, the one at a QMP socket, or a libvirt
 * domain.
 *
 * Signals:
 *  - `changed` (PfVmChoice *): a person changed the choice.
 */
GtkWidget *pf_vm_choice_new (void);
void pf_vm_choice_show (PfVmChoice *choice, const PfProfileDraft *draft);
void pf_vm_choice_read (PfVmChoice *choice, PfProfileDraft *draft);

G_END_DECLS
