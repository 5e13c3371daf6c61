namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

// The constructors are public, although the classes are abstract, because the real ones are.

public abstract class BindingAttribute : Attribute
{
    public BindingAttribute() { }
}

public abstract class TriggerBindingAttribute : BindingAttribute
{
    public TriggerBindingAttribute() { }
}

public abstract class InputBindingAttribute : BindingAttribute
{
    public InputBindingAttribute() { }
}

public abstract class OutputBindingAttribute : BindingAttribute
{
    public OutputBindingAttribute() { }
}
