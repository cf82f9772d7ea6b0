/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

GPtrArray *pf_openers_new (void);
void pf_openers_add (GPtrArray *nodes, PfTree *tree, const char *path);
void pf_openers_add_number (GPtrArray *nodes, const char *path, dev_t number);
char *pf_openers_find (PfTree *tree, const GPtrArray *nodes, const char *command);
char *pf_openers_read_command (PfTree *tree, const char *process);
char *pf_openers_describe (PfTree *tree, const char *process);
char *pf_openers_find_vm (PfTree *tree, const GPtrArray *nodes);

G_END_DECLS
