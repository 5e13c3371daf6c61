using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FunctionsAuth.Protocol.Json;

/// <summary>
/// Reads and writes this server's records member by member, and leaves the values to the serializer. The serializer's own converter first prepares every
/// member of a type, used or not, which takes a tenth of a cold start: a client has about 70. This one prepares what a text has. A member that is
/// missing keeps its initial value, which a source-generated serializer would replace by null.
/// </summary>
/// <param name="withStored">Also the members with <see cref="StoredOnlyAttribute"/>.</param>
public sealed class RecordConverter(bool withStored) : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => IsRecord(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert), [withStored])!;

    /// <summary>Whether a type is a class of this server that has members in JSON. Lists, and the JSON nodes of .NET, are not.</summary>
    internal static bool IsRecord(Type type) =>
        type.IsClass && type.Namespace?.StartsWith(nameof(FunctionsAuth), StringComparison.Ordinal) == true && !typeof(IEnumerable).IsAssignableFrom(type) && !typeof(JsonNode).IsAssignableFrom(type);

    private sealed class Converter<T>(bool withStored) : JsonConverter<T>
        where T : class
    {
        private readonly List<Member> members = [.. RecordMember.Of(typeof(T)).Where(member => withStored || !member.IsStoredOnly).Select(member => new Member(member))];
        private readonly bool hasInitialValues = typeof(T).GetConstructor(Type.EmptyTypes) is not null;

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("It must be an object");
            // The parameters of a positional record have no other initial values.
            var record = (T)(hasInitialValues ? Activator.CreateInstance(typeof(T))! : RuntimeHelpers.GetUninitializedObject(typeof(T)));
            HashSet<string> found = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var name = reader.GetString()!;
                reader.Read();
                if (members.Find(member => member.Name == name) is { } member)
                    member.Access.Set(record, JsonSerializer.Deserialize(ref reader, member.Type, options));
                else
                    reader.Skip();
                found.Add(name);
            }
            return members.Find(member => member.IsRequired && !found.Contains(member.Name)) is { } missing ? throw new JsonException($"The required member {missing.Name} is missing") : record;
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var member in members)
            {
                if (member.Access.Get(value) is { } own)
                {
                    writer.WritePropertyName(member.Name);
                    JsonSerializer.Serialize(writer, own, member.Type, options);
                }
                else if (options.DefaultIgnoreCondition != JsonIgnoreCondition.WhenWritingNull)
                {
                    writer.WriteNull(member.Name);
                }
            }
            writer.WriteEndObject();
        }

        private sealed class Member(RecordMember member)
        {
            private readonly Lazy<MemberAccess> access = new(() => MemberAccess.Of<T>(member.Property));

            public string Name => member.Name;

            public Type Type => member.Type;

            public bool IsRequired => member.IsRequired;

            public MemberAccess Access => access.Value;
        }
    }
}
