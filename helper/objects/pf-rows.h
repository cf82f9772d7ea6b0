/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-labels.h"
#include "pf-preview.h"

G_BEGIN_DECLS

GVariant *pf_rows_from_changes (GPtrArray *changes);
GVariant *pf_rows_from_objections (GPtrArray *objections);
GVariant *pf_rows_from_left (GPtrArray *left);
GVariant *pf_rows_from_members (const PfGroup *group);
GVariant *pf_rows_from_root_hubs (const PfController *controller);
GVariant *pf_rows_from_devices (const PfController *controller);
GVariant *pf_rows_from_labels (PfLabels *labels, const char *controller);
GVariant *pf_rows_from_routing (const PfBoard *board, const PfPlan *plan);

const char *pf_rows_describe_built_in_input (const PfBoard *board);

G_END_DECLS
