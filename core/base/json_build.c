/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/json.h"

void smd_json_put(cJSON *object, const char *name, cJSON *item_take, int *err)
{
	if (item_take && cJSON_AddItemToObject(object, name, item_take))
		return;
	cJSON_Delete(item_take);
	*err = SMD_E_NO_MEMORY;
}

void smd_json_append(cJSON *array, cJSON *item_take, int *err)
{
	if (item_take && cJSON_AddItemToArray(array, item_take))
		return;
	cJSON_Delete(item_take);
	*err = SMD_E_NO_MEMORY;
}

void smd_json_put_string(cJSON *object, const char *name, const char *text, int *err)
{
	if (text)
		smd_json_put(object, name, cJSON_CreateString(text), err);
}

void smd_json_put_number(cJSON *object, const char *name, double number, int *err)
{
	smd_json_put(object, name, cJSON_CreateNumber(number), err);
}

void smd_json_put_bool(cJSON *object, const char *name, int value, int *err)
{
	smd_json_put(object, name, cJSON_CreateBool(value), err);
}

cJSON *smd_json_put_array(cJSON *object, const char *name, int *err)
{
	cJSON *array = cJSON_AddArrayToObject(object, name);

	if (!array)
		*err = SMD_E_NO_MEMORY;
	return array;
}

cJSON *smd_json_put_object(cJSON *object, const char *name, int *err)
{
	cJSON *made = cJSON_AddObjectToObject(object, name);

	if (!made)
		*err = SMD_E_NO_MEMORY;
	return made;
}

void smd_json_replace(cJSON *object, const char *name, cJSON *item_take, int *err)
{
	cJSON_DeleteItemFromObjectCaseSensitive(object, name);
	smd_json_put(object, name, item_take, err);
}
