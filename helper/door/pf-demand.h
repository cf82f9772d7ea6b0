/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-services.h"

G_BEGIN_DECLS

typedef enum
{
  PF_ACTION_OPEN, /* anybody may */
  PF_ACTION_APPLY,
  PF_ACTION_HOME,
  PF_ACTION_OVERRIDE,
  PF_ACTION_TAKE_HOME, /* the same right, and another question */
  PF_ACTION_EDIT,
} PfAction;

/**
 * PfDemand:
 * @action: what the caller has to be allowed
 * @profile: (nullable): a copy of the profile that it is about: what is authorized, and so what is done
 * @fingerprint: (nullable): what that profile said, see pf_store_get_fingerprint(); NULL where there is none
 * yet
 * @label: (nullable): what the prompt calls it
 * @controllers: what the prompt names
 * @method: the method that is called
 * @no_interaction: fail at once where a person would have to be asked
 * @caller: who calls
 *
 * What one D-Bus call asks for.
 */
typedef struct
{
  PfAction action;
  PfProfile *profile;
  char *fingerprint;
  char *label;
  char *controllers;
  char *method;
  gboolean no_interaction;
  uid_t caller;
} PfDemand;

PfDemand *pf_demand_resolve (const PfServices *services,
                             const char *interface,
                             const char *method,
                             const char *object_path,
                             GVariant *parameters,
                             GError **error);
void pf_demand_free (PfDemand *demand);
gboolean pf_demand_is_same (const PfDemand *demand, const PfDemand *other);
gboolean pf_demand_is_known (const char *interface, const char *method);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfDemand, pf_demand_free)

G_END_DECLS
