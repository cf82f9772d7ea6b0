/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-machine.h"
#include "pf-objection.h"

G_BEGIN_DECLS

/**
 * PfPreview:
 * @plan: (nullable): what would be done; NULL when it cannot be done at all
 * @changes: (element-type PfChange): what would change sides
 * @objections: (element-type PfObjection): what speaks against it
 */
typedef struct
{
  PfPlan *plan;
  GPtrArray *changes;
  GPtrArray *objections;
} PfPreview;

PfPreview *pf_preview_new (PfMachine *machine, const PfProfile *profile, uid_t caller);
void pf_preview_free (PfPreview *preview);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfPreview, pf_preview_free)

G_END_DECLS
