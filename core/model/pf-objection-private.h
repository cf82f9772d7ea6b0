/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within core/model only: each subject adds what it has to object. */
#pragma once

#include "pf-future.h"
#include "pf-objection.h"

G_BEGIN_DECLS

#define PF_CODE_IN_USE "in-use"

PfObjection *
pf_objection_new (const char *code, PfSeverity severity, PfError error, const char *address, char *message);
void pf_objection_add_host (GPtrArray *objections, const PfFuture *future);
gboolean pf_objection_host_has_code (const char *code);
void pf_objection_add_inputs (GPtrArray *objections, const PfFuture *future, const PfProfile *profile);
void pf_objection_add_reserved (GPtrArray *objections, const PfFuture *future);
void pf_objection_add_along (GPtrArray *objections, const PfFuture *future, const PfProfile *profile);
gboolean pf_objections_have_hard (const GPtrArray *objections, const char *address);
void pf_objection_add_resets (GPtrArray *objections, const PfFuture *future);
void pf_objection_add_reset_risks (GPtrArray *objections, const PfFuture *future);
void pf_objection_add_host_routers (GPtrArray *objections, const PfFuture *future);
void pf_objection_add_super_speed (GPtrArray *objections, const PfFuture *future);

G_END_DECLS
