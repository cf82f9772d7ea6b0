/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-profile.h"

G_BEGIN_DECLS

#define PF_VFIO_DRIVER "vfio-pci"

typedef enum
{
  PF_STEP_BIND, /* take the functions of one group to other drivers: lend or return */
  PF_STEP_ROUTE /* write a router's register */
} PfStepKind;

/**
 * PfBinding:
 * @driver: (nullable): a driver's name; NULL for none
 * @driver_override: (nullable): NULL for unset
 *
 * How one function is bound.
 */
typedef struct
{
  char *driver;
  char *driver_override;
} PfBinding;

/**
 * PfMove:
 * @address: of the function
 * @from: before the step
 * @to: after it
 *
 * What a step does to one function.
 */
typedef struct
{
  char *address;
  PfBinding from;
  PfBinding to;
} PfMove;

/**
 * PfNode:
 * @uid: owner
 * @gid: group
 * @mode: permission bits
 *
 * Who may open /dev/vfio/GROUP.
 */
typedef struct
{
  uid_t uid;
  gid_t gid;
  mode_t mode;
} PfNode;

/**
 * PfStep:
 * @kind: what it does
 * @lends: for PF_STEP_BIND: TRUE when the group goes to the guest, FALSE when it comes back
 * @group: for PF_STEP_BIND: the IOMMU group
 * @moves: (element-type PfMove): for PF_STEP_BIND: its functions
 * @node: for a step that lends: who gets the node
 * @node_before: for a step that lends a group whose node exists already: who had it
 * @had_node: whether @node_before is set
 * @router: for PF_STEP_ROUTE: the xHCI's address
 * @from: for PF_STEP_ROUTE: the register before
 * @to: for PF_STEP_ROUTE: the register after
 * @mask: for PF_STEP_ROUTE: the bits that may change; all others are preserved
 *
 * One step of a plan. pf_step_invert() gives what undoes it.
 */
typedef struct
{
  PfStepKind kind;
  gboolean lends;
  int group;
  GPtrArray *moves;
  PfNode node;
  PfNode node_before;
  gboolean had_node;
  char *router;
  guint32 from;
  guint32 to;
  guint32 mask;
} PfStep;

/**
 * PfPlan:
 * @profile: id of the profile it leads to
 * @steps: (element-type PfStep): in order
 *
 * Ordered steps, each with its inverse, that take a board to a profile.
 */
typedef struct
{
  char *profile;
  GPtrArray *steps;
} PfPlan;

PfPlan *pf_plan_new (const char *profile);
PfPlan *pf_plan_compute (const PfBoard *board, const PfProfile *profile, const PfNode *node, GError **error);
PfPlan *pf_plan_invert (const PfPlan *plan);
PfPlan *pf_plan_copy (const PfPlan *plan);
void pf_plan_free (PfPlan *plan);
gboolean pf_plan_is_empty (const PfPlan *plan);

PfStep *pf_step_copy (const PfStep *step);
PfStep *pf_step_invert (const PfStep *step);
void pf_step_free (PfStep *step);
PfMove *pf_step_add_move (PfStep *step, const char *address);
char *pf_step_describe (const PfStep *step, const PfBoard *board);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfPlan, pf_plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfStep, pf_step_free)

G_END_DECLS
