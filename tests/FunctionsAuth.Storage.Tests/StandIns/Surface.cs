using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FunctionsAuth.Storage.Tests.StandIns;

/// <summary>
/// What other assemblies can see of an assembly, one fact a line: a type and what it derives from, a constructor or method with the
/// names and default values of its parameters, an accessor of a property, a value of an enumeration.
/// </summary>
internal static class Surface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlySet<string> Of(Assembly assembly) => assembly.GetExportedTypes()
        .SelectMany(type => FactsOf(type).Select(fact => $"{NameOf(type)}: {fact}"))
        .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> FactsOf(Type type)
    {
        yield return $"{KindOf(type)} of {type.Namespace}";
        if (type.IsEnum)
        {
            yield return $"is {NameOf(type.GetEnumUnderlyingType())}";
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
                yield return $"{field.Name} = {Literal(field.GetRawConstantValue())}";
            yield break;
        }
        if (type is { IsClass: true, BaseType: { } parent } && parent != typeof(object))
            yield return $"is {NameOf(parent)}";
        foreach (var implemented in type.GetInterfaces())
            yield return $"is {NameOf(implemented)}";
        foreach (var fact in type.GetMembers(Declared).Select(FactOf).OfType<string>())
            yield return fact;
    }

    private static string? FactOf(MemberInfo member) => member switch
    {
        MethodBase method when !IsVisible(method) => null,
        ConstructorInfo made => $"{Modifiers(made)}new({Parameters(made)})",
        MethodInfo { IsSpecialName: true } accessor when accessor.Name.Split('_') is [("get" or "set" or "add" or "remove") and var verb, var name] =>
            $"{Modifiers(accessor)}{NameOf(verb is "get" ? accessor.ReturnType : accessor.GetParameters()[^1].ParameterType)} {name}.{(IsInit(accessor) ? "init" : verb)}",
        MethodInfo method => $"{Modifiers(method)}{NameOf(method.ReturnType)} {method.Name}({Parameters(method)})",
        FieldInfo { IsPublic: true } or FieldInfo { IsFamily: true } => $"field {member.Name}",
        _ => null,
    };

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsValueType: true } => type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct",
        { IsInterface: true } => "interface",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Modifiers(MethodBase method)
    {
        List<string> modifiers = [];
        if (!method.IsPublic)
            modifiers.Add("protected");
        if (method.IsStatic)
            modifiers.Add("static");
        else if (method.IsAbstract)
            modifiers.Add("abstract");
        else if (method.IsVirtual && !method.Attributes.HasFlag(MethodAttributes.NewSlot))
            modifiers.Add(method.IsFinal ? "sealed override" : "override");
        // What implements an interface and can't be overridden is virtual and final, too.
        else if (method is { IsVirtual: true, IsFinal: false })
            modifiers.Add("virtual");
        return string.Concat(modifiers.Select(modifier => modifier + " "));
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{NameOf(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {DefaultOf(parameter)}" : "")}"));

    private static string DefaultOf(ParameterInfo parameter) => parameter.RawDefaultValue is { } value ? Literal(value)
        : parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? "default"
        : "null";

    private static string Literal(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null",
    };

    private static string NameOf(Type type) => type switch
    {
        { IsArray: true } => $"{NameOf(type.GetElementType()!)}[]",
        { IsByRef: true } => $"{NameOf(type.GetElementType()!)}&",
        { IsConstructedGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>",
        { IsNested: true, IsGenericParameter: false } => $"{NameOf(type.DeclaringType!)}.{type.Name}",
        _ => type.Name,
    };
}
