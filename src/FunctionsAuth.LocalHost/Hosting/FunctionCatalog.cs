using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.LocalHost.Hosting;

/// <summary>A function and its trigger, as their attributes describe them.</summary>
internal sealed record Function<TTrigger>(string Name, MethodInfo Method, TTrigger Trigger);

internal static class FunctionCatalog
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyList<Function<Attribute>>> Known = new();

    public static IEnumerable<Function<TTrigger>> Find<TTrigger>(Assembly assembly)
        where TTrigger : Attribute
    {
        foreach (var function in Known.GetOrAdd(assembly, Read))
        {
            if (function.Trigger is TTrigger trigger)
                yield return new Function<TTrigger>(function.Name, function.Method, trigger);
        }
    }

    /// <summary>The functions with all their attributes: to read attributes takes milliseconds.</summary>
    private static List<Function<Attribute>> Read(Assembly assembly)
    {
        List<Function<Attribute>> functions = [];
        foreach (var type in assembly.GetExportedTypes())
        {
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is { } function)
                    functions.AddRange(method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes()).Select(attribute => new Function<Attribute>(function.Name, method, attribute)));
            }
        }
        return functions;
    }
}
