using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsAuth.Protocol.Json;

/// <summary>The member is in the rows of the tables, and not in the JSON that operators and clients write.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StoredOnlyAttribute : Attribute;

/// <summary>A member of a record in JSON.</summary>
/// <param name="Name">In snake case, or what <see cref="JsonPropertyNameAttribute"/> says.</param>
/// <param name="IsStoredOnly">See <see cref="StoredOnlyAttribute"/>.</param>
internal sealed record RecordMember(string Name, PropertyInfo Property, bool IsRequired, bool IsStoredOnly)
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<RecordMember>> Known = new();

    public Type Type => Property.PropertyType;

    /// <summary>The members that can be set, in the order of their declaration. Those with <see cref="JsonIgnoreAttribute"/> are none.</summary>
    public static IReadOnlyList<RecordMember> Of(Type type) => Known.GetOrAdd(type, Read);

    private static IReadOnlyList<RecordMember> Read(Type type)
    {
        List<RecordMember> members = [];
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is not { IsPublic: true } || property.IsDefined(typeof(JsonIgnoreAttribute)))
                continue;
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            members.Add(new RecordMember(name, property, property.IsDefined(typeof(RequiredMemberAttribute)), property.IsDefined(typeof(StoredOnlyAttribute))));
        }
        return members;
    }
}
