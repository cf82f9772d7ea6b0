/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-error.h"
#include "pf-plan.h"

G_BEGIN_DECLS

typedef enum
{
  PF_SEVERITY_NOTE, /* speaks against nothing, but people should know it first */
  PF_SEVERITY_SOFT, /* a person may override it, by name */
  PF_SEVERITY_HARD  /* nobody can */
} PfSeverity;

/**
 * PfObjection:
 * @code: for example "last-keyboard"
 * @severity: whether it can be overridden
 * @address: (nullable): the controller or function it is about
 * @what: (nullable): the part of it that the host uses, for example "sdb1"
 * @message: in words, with the device's name
 * @error: the error that a refused switch ends with
 *
 * A reason not to carry a plan out.
 */
typedef struct
{
  char *code;
  PfSeverity severity;
  char *address;
  char *what;
  char *message;
  PfError error;
} PfObjection;

/**
 * PfChange:
 * @kind: "device", "controller", "function" (another member of the group) or "port"
 * @name: in words
 * @address: PCI address, port name, or the kernel's name of a USB device
 * @to: who has it afterwards
 * @from: who has it now
 * @is_keyboard: a device with keys
 * @is_pointer: a device that points
 * @is_storage: a stick or disk
 *
 * One thing that changes sides, for people.
 */
typedef struct
{
  const char *kind;
  char *name;
  char *address;
  PfOwner from;
  PfOwner to;
  gboolean is_keyboard;
  gboolean is_pointer;
  gboolean is_storage;
} PfChange;

GPtrArray *pf_objections_compute (const PfBoard *board, const PfPlan *plan, const PfProfile *profile);
PfObjection *pf_objection_new_from_error (const GError *error);
void pf_objection_free (PfObjection *objection);
gboolean pf_objections_check (GPtrArray *objections, const char *const *override, GError **error);
gboolean pf_objection_code_exists (const char *code);
gboolean pf_objections_speak_against (const GPtrArray *objections);
const char *pf_severity_to_string (PfSeverity severity);

GPtrArray *pf_changes_compute (const PfBoard *board, const PfPlan *plan);
void pf_change_free (PfChange *change);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfObjection, pf_objection_free)

G_END_DECLS
