using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Text;

namespace FunctionsAuth.Protocol.Tests.Architecture;

/// <summary>The types of the assembly that a signature, or anything else that a token stands for, names.</summary>
internal sealed record TypeSet(ImmutableArray<TypeDefinitionHandle> Types)
{
    public static TypeSet None { get; } = new([]);

    public static TypeSet Union(IEnumerable<TypeSet> sets) => new([.. sets.SelectMany(set => set.Types)]);
}

internal sealed class TypeCollector(MetadataReader metadata) : ISignatureTypeProvider<TypeSet, object?>
{
    private readonly Dictionary<string, TypeDefinitionHandle> byName = metadata.TypeDefinitions
        .Where(handle => metadata.GetTypeDefinition(handle).GetDeclaringType().IsNil)
        .ToDictionary(handle => $"{metadata.GetString(metadata.GetTypeDefinition(handle).Namespace)}.{metadata.GetString(metadata.GetTypeDefinition(handle).Name)}");

    public IEnumerable<TypeDefinitionHandle> Of(TypeSet set) => set.Types;

    public IEnumerable<TypeDefinitionHandle> Of(MethodSignature<TypeSet> signature) => TypeSet.Union(signature.ParameterTypes.Append(signature.ReturnType)).Types;

    public IEnumerable<TypeDefinitionHandle> Of(EntityHandle handle) => handle.IsNil ? [] : handle.Kind switch
    {
        HandleKind.TypeDefinition => [(TypeDefinitionHandle)handle],
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null).Types,
        HandleKind.FieldDefinition => [metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType()],
        HandleKind.MethodDefinition => [metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()],
        HandleKind.MemberReference => OfMember(metadata.GetMemberReference((MemberReferenceHandle)handle)),
        HandleKind.MethodSpecification => OfGenericMethod(metadata.GetMethodSpecification((MethodSpecificationHandle)handle)),
        _ => [],
    };

    /// <summary>A typeof among an attribute's arguments is the type's name.</summary>
    public IEnumerable<TypeDefinitionHandle> Of(CustomAttribute attribute)
    {
        var arguments = Encoding.UTF8.GetString(metadata.GetBlobBytes(attribute.Value));
        return [.. Of(attribute.Constructor), .. from name in byName.Keys where arguments.Contains(name, StringComparison.Ordinal) select byName[name]];
    }

    public TypeSet GetArrayType(TypeSet elementType, ArrayShape shape) => elementType;

    public TypeSet GetByReferenceType(TypeSet elementType) => elementType;

    public TypeSet GetFunctionPointerType(MethodSignature<TypeSet> signature) => new([.. Of(signature)]);

    public TypeSet GetGenericInstantiation(TypeSet genericType, ImmutableArray<TypeSet> typeArguments) => TypeSet.Union(typeArguments.Add(genericType));

    public TypeSet GetGenericMethodParameter(object? genericContext, int index) => TypeSet.None;

    public TypeSet GetGenericTypeParameter(object? genericContext, int index) => TypeSet.None;

    public TypeSet GetModifiedType(TypeSet modifier, TypeSet unmodifiedType, bool isRequired) => TypeSet.Union([modifier, unmodifiedType]);

    public TypeSet GetPinnedType(TypeSet elementType) => elementType;

    public TypeSet GetPointerType(TypeSet elementType) => elementType;

    public TypeSet GetPrimitiveType(PrimitiveTypeCode typeCode) => TypeSet.None;

    public TypeSet GetSZArrayType(TypeSet elementType) => elementType;

    public TypeSet GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => new([handle]);

    public TypeSet GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => TypeSet.None;

    public TypeSet GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    private IEnumerable<TypeDefinitionHandle> OfMember(MemberReference member) =>
    [
        .. Of(member.Parent),
        .. member.GetKind() == MemberReferenceKind.Field ? member.DecodeFieldSignature(this, null).Types : Of(member.DecodeMethodSignature(this, null)),
    ];

    private IEnumerable<TypeDefinitionHandle> OfGenericMethod(MethodSpecification method) =>
        [.. Of(method.Method), .. TypeSet.Union(method.DecodeSignature(this, null)).Types];
}
