using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>JSON Schemas (draft 2020-12) of the records of the API, generated from the types with which bodies are read and written.</summary>
internal sealed class SchemaBook
{
    private const string Place = "#/components/schemas/";

    private static readonly Dictionary<Type, string> Scalars = new()
    {
        [typeof(string)] = "string",
        [typeof(bool)] = "boolean",
        [typeof(int)] = "integer",
        [typeof(long)] = "integer",
        [typeof(Uri)] = "string",
        [typeof(DateTimeOffset)] = "string",
    };

    public SortedDictionary<string, JsonObject> Schemas { get; } = new(StringComparer.Ordinal);

    public JsonObject RefTo(Type type) => Of(type);

    private JsonObject Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Scalars.TryGetValue(type, out var name))
            return Scalar(type, name);
        if (type.IsEnum)
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(value => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(value))]) };
        if (type == typeof(JsonObject) || type == typeof(JsonNode))
            return type == typeof(JsonObject) ? new JsonObject { ["type"] = "object" } : [];
        if (type == typeof(JsonArray))
            return new JsonObject { ["type"] = "array", ["items"] = new JsonObject() };
        if (IsRecord(type))
            return Named(type, [.. RecordMember.Of(type).Where(member => !member.IsStoredOnly).Select(member => new Member(member.Name, member.Type, member.IsRequired))]);
        var info = ApiJson.Options.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Of(info.ElementType!) },
            JsonTypeInfoKind.Dictionary => new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(info.ElementType!) },
            _ => Named(type, [.. info.Properties.Where(property => property.Get is not null).Select(property => new Member(property.Name, property.PropertyType, property.IsRequired))]),
        };
    }

    private static JsonObject Scalar(Type type, string name)
    {
        var schema = new JsonObject { ["type"] = name };
        if (type == typeof(DateTimeOffset))
            schema["format"] = "date-time";
        else if (type == typeof(Uri))
            schema["format"] = "uri";
        else if (type == typeof(int) || type == typeof(long))
            schema["format"] = type == typeof(int) ? "int32" : "int64";
        return schema;
    }

    private JsonObject Named(Type type, IReadOnlyList<Member> members)
    {
        var name = NameOf(type);
        if (!Schemas.ContainsKey(name))
        {
            var schema = Schemas[name] = new JsonObject { ["type"] = "object" };
            var properties = new JsonObject();
            foreach (var member in members.Where(member => member.Name != LocalTexts.Member))
                properties[member.Name] = Of(member.Type);
            AddWritten(type, properties);
            schema["properties"] = properties;
            if (members.Where(member => member.IsRequired).Select(member => member.Name).ToList() is { Count: > 0 } required)
                schema["required"] = new JsonArray([.. required.Select(member => (JsonNode)member)]);
            // Texts in other languages are members with a language tag, such as client_name#de.
            schema["additionalProperties"] = members.Any(member => member.Name == LocalTexts.Member) ? new JsonObject { ["type"] = "string" } : type == typeof(JsonObject);
        }
        return new JsonObject { ["$ref"] = Place + name };
    }

    /// <summary>Members that the API adds to those of the record, or reads in addition.</summary>
    private void AddWritten(Type type, JsonObject properties)
    {
        if (type == typeof(Client))
        {
            properties["client_secret"] = new JsonObject { ["type"] = "string" };
            properties["client_secrets"] = new JsonObject { ["type"] = "array", ["items"] = Of(typeof(ImportedSecret)) };
        }
        if (IsRecord(type))
            properties.TryAdd("key", new JsonObject { ["type"] = "string", ["readOnly"] = true });
    }

    /// <summary>They have the members of an import file.</summary>
    private static bool IsRecord(Type type) => type.Assembly == typeof(Client).Assembly && type.Namespace is { } space
        && (space == typeof(Client).Namespace || space == typeof(Scopes.Scope).Namespace || space == typeof(Details.AuthorizationDetailsType).Namespace);

    private static string NameOf(Type type) => type.IsGenericType
        ? NameOf(type.GetGenericArguments()[0]) + "List"
        : type.Name.Replace("View", "", StringComparison.Ordinal).Replace("Imported", "", StringComparison.Ordinal) + (type == typeof(ImportedUser) || type == typeof(ImportedSecret) ? "Input" : "");

    private sealed record Member(string Name, Type Type, bool IsRequired);
}
