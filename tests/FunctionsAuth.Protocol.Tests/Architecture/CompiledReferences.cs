using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace FunctionsAuth.Protocol.Tests.Architecture;

/// <summary>
/// The references between the types of one assembly, as its metadata has them: bases, members, attributes, generic arguments, and all
/// that method bodies name. What the compiler makes (closures, state machines) counts for the type that it stands in. Constants are
/// copied into the code that uses them and leave no reference: <see cref="SourceReferences"/> finds these.
/// </summary>
internal sealed class CompiledReferences
{
    private readonly MetadataReader metadata;
    private readonly PEReader image;
    private readonly TypeCollector collector;
    private readonly HashSet<(TypeDefinitionHandle From, TypeDefinitionHandle To)> found = [];

    private CompiledReferences(PEReader image)
    {
        this.image = image;
        metadata = image.GetMetadataReader();
        collector = new TypeCollector(metadata);
    }

    public static IReadOnlyList<Reference> In(Assembly assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly.Location));
        return new CompiledReferences(image).Find();
    }

    private List<Reference> Find()
    {
        foreach (var handle in metadata.TypeDefinitions)
        {
            var outer = OuterOf(handle);
            foreach (var other in ReferencesOf(metadata.GetTypeDefinition(handle)))
                found.Add((outer, OuterOf(other)));
        }
        return
        [
            .. from pair in found
               let one = metadata.GetTypeDefinition(pair.From)
               let other = metadata.GetTypeDefinition(pair.To)
               // What the compiler makes for a whole assembly is in no namespace.
               where !one.Namespace.IsNil && !other.Namespace.IsNil
               select new Reference(Text(one.Namespace), Text(other.Namespace), $"{Text(one.Name)} -> {Text(other.Name)}"),
        ];
    }

    private IEnumerable<TypeDefinitionHandle> ReferencesOf(TypeDefinition type)
    {
        List<TypeDefinitionHandle> all = [.. collector.Of(type.BaseType)];
        foreach (var handle in type.GetInterfaceImplementations())
            all.AddRange(collector.Of(metadata.GetInterfaceImplementation(handle).Interface));
        foreach (var parameter in type.GetGenericParameters())
            all.AddRange(ConstraintsOf(parameter));
        foreach (var handle in type.GetFields())
            all.AddRange(collector.Of(metadata.GetFieldDefinition(handle).DecodeSignature(collector, null)));
        foreach (var handle in type.GetProperties())
            all.AddRange(collector.Of(metadata.GetPropertyDefinition(handle).DecodeSignature(collector, null)));
        foreach (var handle in type.GetEvents())
            all.AddRange(collector.Of(metadata.GetEventDefinition(handle).Type));
        foreach (var handle in type.GetMethods())
            all.AddRange(ReferencesOf(metadata.GetMethodDefinition(handle)));
        all.AddRange(AttributesOf(type.GetCustomAttributes()));
        all.AddRange(type.GetFields().SelectMany(field => AttributesOf(metadata.GetFieldDefinition(field).GetCustomAttributes())));
        all.AddRange(type.GetProperties().SelectMany(property => AttributesOf(metadata.GetPropertyDefinition(property).GetCustomAttributes())));
        return all;
    }

    private IEnumerable<TypeDefinitionHandle> ReferencesOf(MethodDefinition method)
    {
        List<TypeDefinitionHandle> all = [.. collector.Of(method.DecodeSignature(collector, null)), .. AttributesOf(method.GetCustomAttributes())];
        foreach (var parameter in method.GetGenericParameters())
            all.AddRange(ConstraintsOf(parameter));
        foreach (var parameter in method.GetParameters())
            all.AddRange(AttributesOf(metadata.GetParameter(parameter).GetCustomAttributes()));
        if (method.RelativeVirtualAddress == 0)
            return all;
        var body = image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            all.AddRange(metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(collector, null).SelectMany(collector.Of));
        all.AddRange(body.ExceptionRegions.SelectMany(region => collector.Of(region.CatchType)));
        all.AddRange(Instructions.TokensOf(body.GetILReader()).SelectMany(collector.Of));
        return all;
    }

    private IEnumerable<TypeDefinitionHandle> ConstraintsOf(GenericParameterHandle parameter) =>
        metadata.GetGenericParameter(parameter).GetConstraints().SelectMany(handle => collector.Of(metadata.GetGenericParameterConstraint(handle).Type));

    private IEnumerable<TypeDefinitionHandle> AttributesOf(CustomAttributeHandleCollection handles) =>
        handles.SelectMany(handle => collector.Of(metadata.GetCustomAttribute(handle)));

    private TypeDefinitionHandle OuterOf(TypeDefinitionHandle handle)
    {
        for (var outer = handle; ; handle = outer)
        {
            outer = metadata.GetTypeDefinition(handle).GetDeclaringType();
            if (outer.IsNil)
                return handle;
        }
    }

    private string Text(StringHandle handle) => metadata.GetString(handle);
}
