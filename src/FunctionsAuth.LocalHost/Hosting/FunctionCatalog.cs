using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsAuth.LocalHost.Hosting;

/// <summary>A function and its trigger, as their attributes describe them.</summary>
internal sealed record Function<TTrigger>(string Name, MethodInfo Method, TTrigger Trigger);

internal static class FunctionCatalog
{
    public static IEnumerable<Function<TTrigger>> Find<TTrigger>(Assembly assembly)
        where TTrigger : Attribute =>
        from type in assembly.GetExportedTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<TTrigger>()
        where trigger is not null
        select new Function<TTrigger>(function.Name, method, trigger);
}
